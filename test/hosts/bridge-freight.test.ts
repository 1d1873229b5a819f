import { beforeEach, describe, expect, test } from "@jest/globals";
import { Freight, isBlaming } from "../../hosts/hub/bridge/freight.ts";
import { type PublishProperties, REASON } from "../../src/codec/index.ts";

const HOUR = 3_600_000;

let freight: Freight;
let time: number;
/** What was said of each message that left without user properties. */
let shortened: number[];

beforeEach(() => {
	time = 0;
	shortened = [];
	freight = new Freight(
		(most) => shortened.push(most),
		() => time,
	);
});

/** A message with a path and so many user properties of its own. */
function laden(count: number): PublishProperties {
	const own = Object.fromEntries(Array.from({ length: count }, (_, index) => [`p${index}`, ""]));
	return { contentType: "x", userProperties: { ...own, "motehub-path": "1 a" } };
}

function namesOf(properties: PublishProperties | undefined): readonly string[] {
	return Object.keys(properties?.userProperties ?? {});
}

/** As many as the broker takes. */
function most(): number {
	let count = 0;
	while (count < 100 && freight.keepsPath(count + 1)) count++;
	return count;
}

test("goes as it is until the broker refuses", () => {
	const properties = laden(99);
	expect(freight.load(properties, 1)).toBe(properties);
	expect(freight.load(undefined, 1)).toBeUndefined();
	expect(most()).toBe(100);
});

describe("what the broker refused twice", () => {
	test("has too many user properties, and goes without them, in the place where it is", () => {
		const [heavy, light] = [laden(40), laden(0)];
		expect(freight.refused([light, heavy])).toBe(true);
		expect(namesOf(heavy)).toHaveLength(41);
		freight.connected();
		expect(freight.refused([light, heavy])).toBe(true);
		expect(heavy).toEqual({ contentType: "x" });
		expect(namesOf(light)).toEqual(["motehub-path"]);
		expect(shortened).toEqual([20]);
		expect(most()).toBe(20);
	});

	test("goes without its path where that is enough", () => {
		for (let round = 0; round < 2; round++) freight.refused([laden(4)]);
		expect(most()).toBe(2);
		expect(namesOf(freight.load(laden(2), 1))).toEqual(["p0", "p1"]);
		expect(namesOf(freight.load(laden(3), 1))).toEqual([]);
		expect(namesOf(freight.load(laden(1), 1))).toEqual(["p0", "motehub-path"]);
	});

	test("was the path itself, in the end", () => {
		for (let round = 0; round < 2; round++) freight.refused([laden(0)]);
		expect(most()).toBe(0);
		expect(namesOf(freight.load(laden(0), 1))).toEqual([]);
	});

	test("keeps the order of those that stay", () => {
		for (let round = 0; round < 2; round++) freight.refused([laden(6)]);
		const userPropertyOrder = ["b", "1", "motehub-path", "1 a", "a", "2", "b", "3"];
		const ordered = { userProperties: { b: ["1", "3"], a: "2", "motehub-path": "1 a" }, userPropertyOrder };
		expect(freight.load(ordered, 1)).toEqual({
			userProperties: { b: ["1", "3"], a: "2" },
			userPropertyOrder: ["b", "1", "a", "2", "b", "3"],
		});
	});
});

describe("user properties are not the cause", () => {
	test("where the broker has taken as many on this connection", () => {
		freight.taken(laden(5));
		for (let round = 0; round < 5; round++) expect(freight.refused([laden(5), laden(0)])).toBe(false);
		expect(most()).toBe(100);
		freight.connected();
		expect(freight.refused([laden(5)])).toBe(true);
	});

	test("where it takes the same message later on", () => {
		for (let round = 0; round < 5; round++) {
			freight.connected();
			expect(freight.refused([laden(5)])).toBe(true);
			freight.taken(laden(5));
		}
		expect(most()).toBe(100);
	});

	describe("where it refuses what has none as well, as with a store that is full", () => {
		const bare: PublishProperties = { contentType: "x" };

		beforeEach(() => {
			for (let round = 0; round < 2; round++) freight.refused([laden(0)]);
			expect(most()).toBe(0);
			expect(freight.refused([bare])).toBe(false);
		});

		test("so messages keep their paths until it takes something again", () => {
			for (let round = 0; round < 5; round++) expect(freight.refused([laden(0)])).toBe(false);
			expect(most()).toBe(100);
			freight.taken(bare);
			for (let round = 0; round < 2; round++) freight.refused([laden(0)]);
			expect(most()).toBe(0);
		});

		test("and are suspected again after an hour at the latest", () => {
			time += HOUR;
			for (let round = 0; round < 2; round++) freight.refused([laden(0)]);
			expect(most()).toBe(0);
		});
	});

	test("where nothing was on its way", () => {
		for (let round = 0; round < 5; round++) expect(freight.refused([])).toBe(false);
		expect(most()).toBe(100);
	});
});

test("a message that the broker takes in between tells nothing of a heavier one", () => {
	for (let round = 0; round < 2; round++) {
		freight.connected();
		freight.taken(laden(0));
		expect(freight.refused([laden(10)])).toBe(true);
	}
	expect(most()).toBe(6);
});

test("messages of QoS 0, which are not acknowledged, are suspected while they are new", () => {
	freight.load(laden(10), 0);
	time += 6_000;
	expect(freight.refused([])).toBe(false);
	for (let round = 0; round < 2; round++) {
		freight.connected();
		freight.load(laden(10), 0);
		freight.load(laden(0), 0);
		expect(freight.refused([])).toBe(true);
	}
	expect(most()).toBe(5);
});

test("one that the connection has outlived was taken", () => {
	freight.load(laden(10), 0);
	time += 6_000;
	freight.load(laden(0), 0);
	for (let round = 0; round < 3; round++) expect(freight.refused([laden(10)])).toBe(false);
});

test("after an hour it is tried whether the broker takes more, and one refusal is enough", () => {
	for (let round = 0; round < 2; round++) freight.refused([laden(10)]);
	expect(most()).toBe(5);
	time += HOUR;
	expect(most()).toBe(100);
	freight.connected();
	freight.refused([laden(10)]);
	expect(most()).toBe(5);
});

test.each([
	[REASON.QUOTA_EXCEEDED, true],
	[REASON.PROTOCOL_ERROR, true],
	[REASON.SERVER_SHUTTING_DOWN, false],
	[REASON.SESSION_TAKEN_OVER, false],
	[undefined, false],
])("a DISCONNECT with 0x%i blames what was sent: %s", (code, expected) => {
	expect(isBlaming(code)).toBe(expected);
});
