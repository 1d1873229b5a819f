import { describe, expect, test } from "@jest/globals";
import { BridgePath, PATH_PROPERTY, unmarked } from "../../hosts/hub/bridge/path.ts";
import type { PublishProperties } from "../../src/codec/index.ts";

const PAYLOAD = new Uint8Array([1]);

type Entered = PublishProperties | undefined | false;

function path(entered: Entered): string | undefined {
	if (entered === false) return "refused";
	const value = entered?.userProperties?.[PATH_PROPERTY];
	return typeof value === "string" ? value.replace(/^\S+/, "number").replace(/ \|.{8}$/, " |") : undefined;
}

/** What a message with this path comes with. */
function coming(value: string | readonly string[]): PublishProperties {
	return { userProperties: { [PATH_PROPERTY]: value } };
}

/** What a hub has taken in. */
function passed(entered: Entered): PublishProperties | undefined {
	if (entered === false) throw new Error("refused");
	return entered;
}

/** What goes on, to be given to the next hub. */
function onward(entered: Entered): PublishProperties | undefined {
	return unmarked(passed(entered));
}

describe("the path of a message", () => {
	test("begins where it was published, and grows with each hub", () => {
		const [a, b, c] = ["a", "b", "c"].map((id) => new BridgePath(id, true));
		const first = onward(a?.enter("t", undefined, PAYLOAD) ?? false);
		expect(path(first)).toBe("number a");
		const second = onward(b?.enter("t", first, PAYLOAD) ?? false);
		expect(path(second)).toBe("number a b");
		expect(path(c?.enter("t", second, PAYLOAD) ?? false)).toBe("number a b c |");
		expect(path(a?.enter("t", second, PAYLOAD) ?? false)).toBe("refused");
	});

	test("lets a message in once, whichever way it comes, but under each topic", () => {
		const hub = new BridgePath("here", true);
		expect(path(hub.enter("t", coming("1 a"), PAYLOAD))).toBe("number a here |");
		expect(path(hub.enter("t", coming("1 a b"), PAYLOAD))).toBe("refused");
		expect(path(hub.enter("t", coming("2 a b"), PAYLOAD))).toBe("number a b here |");
		expect(path(hub.enter("other", coming("1 a b"), PAYLOAD))).toBe("number a b here |");
	});

	test("is not taken for that of another message with the same number: who has seen it here could send that one there", () => {
		const hub = new BridgePath("here", true);
		expect(path(hub.enter("t", coming("1 a"), new Uint8Array([2])))).toBe("number a here |");
		expect(path(hub.enter("t", coming("1 a"), PAYLOAD))).toBe("number a here |");
		expect(path(hub.enter("t", coming("1 b"), PAYLOAD))).toBe("refused");
	});

	test("gives each message a number of its own, also after a restart", () => {
		const numbers = [new BridgePath("a", true), new BridgePath("a", true)].flatMap((hub) =>
			[1, 2, 3].map(() => passed(hub.enter("t", undefined, PAYLOAD))?.userProperties?.[PATH_PROPERTY]),
		);
		expect(new Set(numbers).size).toBe(6);
	});

	test("gives numbers that those before do not tell", () => {
		const hub = new BridgePath("a", true);
		const numbers = Array.from({ length: 100 }, () => {
			const value = passed(hub.enter("t", undefined, PAYLOAD))?.userProperties?.[PATH_PROPERTY];
			return typeof value === "string" ? (value.split(" ")[0] ?? "") : "";
		});
		for (const [index, number] of numbers.slice(1).entries()) {
			const before = numbers[index] ?? "";
			const same = [...number].filter((character, at) => character === before[at]).length;
			expect(same).toBeLessThan(number.length * 0.75);
		}
	});

	test("remembers the last 10,000 messages at least, and 20,000 at most", () => {
		const hub = new BridgePath("here", true);
		const enter = (number: number) => path(hub.enter("t", coming(`${number} a`), PAYLOAD));
		for (let number = 0; number < 20_001; number++) enter(number);
		expect(enter(10_001)).toBe("refused");
		expect(enter(0)).toBe("number a here |");
	});

	test("does not begin at a hub without bridges, which looks at those that come all the same", () => {
		const hub = new BridgePath("here", false);
		const given = { contentType: "x" };
		expect(hub.enter("t", given, PAYLOAD)).toBe(given);
		expect(path(hub.enter("t", coming("1 a"), PAYLOAD))).toBe("number a here |");
		expect(path(hub.enter("t", coming("1 here a"), PAYLOAD))).toBe("refused");
		expect(path(hub.leave(undefined))).toBe("number here");
	});

	describe("when what was handed out comes back from a client", () => {
		const got = () => passed(new BridgePath("here", true).enter("t", { userProperties: { own: "1" } }, PAYLOAD));

		test.each([
			["on another topic", "answer", PAYLOAD],
			["with another payload", "t", new Uint8Array([2])],
		])("%s, it is another message, which starts anew", (_, topic, payload) => {
			const given = got();
			const again = passed(new BridgePath("here", true).enter(topic, given, payload));
			expect(path(again)).toBe("number here |");
			expect(again?.userProperties?.[PATH_PROPERTY]).not.toBe(given?.userProperties?.[PATH_PROPERTY]);
			expect(new BridgePath("there", false).enter(topic, given, payload)).toEqual({ userProperties: { own: "1" } });
		});

		test("as it was, it is the same message, which another broker's bridge may have brought", () => {
			expect(path(new BridgePath("here", true).enter("t", got(), PAYLOAD))).toBe("refused");
			const there = new BridgePath("there", true);
			const given = got();
			expect(path(there.enter("t", given, PAYLOAD))).toBe("number here there |");
			expect(path(there.enter("t", given, PAYLOAD))).toBe("refused");
		});
	});

	test("that is open already, from a broker of another kind, goes on as it is", () => {
		expect(path(unmarked(coming("1 a")))).toBe("number a");
		expect(path(new BridgePath("here", true).leave(coming("1 a")))).toBe("number a");
		expect(unmarked(undefined)).toBeUndefined();
	});

	test("ends after 32 hubs", () => {
		const hubs = Array.from({ length: 32 }, (_, index) => `hub${index}`).join(" ");
		expect(path(new BridgePath("here", true).enter("t", coming(`1 ${hubs}`), PAYLOAD))).toBe("refused");
	});

	test.each([["no number"], "", "1", "1 a\u0001", `1 ${"x".repeat(65)}`])("is begun anew if it is %j", (value) => {
		const entered = passed(new BridgePath("here", true).enter("t", coming(value), PAYLOAD));
		expect(path(entered)).toBe("number here |");
	});

	test("leaves the other properties as they are, and in their order", () => {
		const hub = new BridgePath("here", true);
		const order = ["a", "1", "b", "2", "a", "3"];
		const userProperties = { a: ["1", "3"], b: "2" };
		const given = { correlationData: new Uint8Array([1]), userProperties, userPropertyOrder: order };
		const once = passed(hub.enter("t", given, PAYLOAD));
		expect(once).toMatchObject({ correlationData: new Uint8Array([1]), userProperties });
		expect(once?.userPropertyOrder?.slice(0, 7)).toEqual([...order, PATH_PROPERTY]);
		const left = hub.leave(once);
		expect(left?.userPropertyOrder).toHaveLength(8);
		expect(left?.userPropertyOrder?.[7]).toMatch(/^\S+ here$/);
		const twice = passed(new BridgePath("there", true).enter("t", left, PAYLOAD));
		expect(twice?.userPropertyOrder).toHaveLength(8);
		expect(twice?.userPropertyOrder?.[7]).toMatch(/^\S+ here there \|.{8}$/);
	});
});
