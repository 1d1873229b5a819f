import { describe, expect, test } from "@jest/globals";
import { ReceivedIds } from "../../../src/session/index.ts";

describe("ReceivedIds", () => {
	test("tells the first PUBLISH from its repetitions until PUBREL", () => {
		const ids = new ReceivedIds(10);
		expect([ids.receive(5), ids.receive(5), ids.has(5)]).toEqual(["first", "repeat", true]);
		expect([ids.delete(5), ids.delete(5), ids.has(5)]).toEqual([true, false, false]);
		expect(ids.receive(5)).toBe("first");
	});

	test("notices more than the limit, and lets repetitions of what it has pass", () => {
		const ids = new ReceivedIds(2);
		expect([1, 2, 3, 2].map((id) => ids.receive(id))).toEqual(["first", "first", "over", "repeat"]);
		expect(ids.size).toBe(2);
		ids.limit = 3;
		expect(ids.receive(3)).toBe("first");
	});

	test("is restored and cleared as a whole", () => {
		const ids = new ReceivedIds(1);
		for (const id of [7, 8]) ids.add(id);
		expect([...ids]).toEqual([7, 8]);
		expect(ids.receive(7)).toBe("repeat");
		ids.clear();
		expect([ids.size, ids.receive(7)]).toEqual([0, "first"]);
	});
});
