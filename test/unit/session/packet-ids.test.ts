import { describe, expect, test } from "@jest/globals";
import { PacketIds } from "../../../src/session/index.ts";

describe("PacketIds", () => {
	test("hands out 1, 2, 3 …", () => {
		const ids = new PacketIds();
		expect([ids.take(), ids.take(), ids.take()]).toEqual([1, 2, 3]);
		expect(ids.size).toBe(3);
		expect([ids.has(2), ids.has(4)]).toEqual([true, false]);
	});

	test("does not hand out again what was just released", () => {
		const ids = new PacketIds();
		ids.delete(ids.take() as number);
		expect(ids.take()).toBe(2);
	});

	test("wraps to 1, past what is in use, and never to 0", () => {
		const ids = new PacketIds(65_533);
		ids.restore(1);
		expect([ids.take(), ids.take(), ids.take()]).toEqual([65_534, 65_535, 2]);
	});

	test("goes on after the ids of a resumed session", () => {
		const ids = new PacketIds();
		ids.restore(500);
		ids.restore(20);
		expect(ids.take()).toBe(501);
		expect(ids.size).toBe(3);
	});

	test("hands out every id once, and then none until one is released", () => {
		const ids = new PacketIds(40_000);
		const seen = new Set<number | undefined>();
		for (let count = 0; count < 65_535; count++) seen.add(ids.take());
		expect([seen.size, seen.has(undefined), seen.has(0)]).toEqual([65_535, false, false]);
		expect(ids.take()).toBeUndefined();
		ids.delete(777);
		expect(ids.take()).toBe(777);
	});
});
