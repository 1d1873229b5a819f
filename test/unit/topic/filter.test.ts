import { describe, expect, test } from "@jest/globals";
import { filterMatches, MAX_LEVELS, parseFilter, topicFilterFault, topicNameFault } from "../../../src/topic/index.ts";

const DEEPEST = "/".repeat(MAX_LEVELS - 1);

describe("topic names", () => {
	test.each(["a", "a/b", "/", "//", "a/", "/a", " ", "$SYS/x", "ü/😀", DEEPEST])("%p may be published to", (name) => {
		expect(topicNameFault(name)).toBeUndefined();
	});

	test.each([
		["", "is empty"],
		["a/+", "wildcard"],
		["#", "wildcard"],
		["a+b", "wildcard"],
		["a\0b", "U+0000"],
		[`${DEEPEST}/`, "levels"],
	])("%p may not: it %s", (name, reason) => {
		expect(topicNameFault(name)).toContain(reason);
	});
});

describe("topic filters", () => {
	test.each([
		"a",
		"+",
		"#",
		"a/+",
		"a/#",
		"+/+/#",
		"/+",
		"//",
		"$SYS/#",
		"$share",
		"$share/g/a",
		"$share/g/#",
		"$share/g//",
		DEEPEST,
	])("%p may be subscribed to", (filter) => {
		expect(topicFilterFault(filter)).toBeUndefined();
	});

	test.each([
		["", "is empty"], // [MQTT-4.7.3-1]
		["a/#/b", "#"], // [MQTT-4.7.1-1]
		["a#", "#"],
		["#/", "#"],
		["a+", "+"], // [MQTT-4.7.1-2]
		["+a/b", "+"],
		["a\0", "U+0000"], // [MQTT-4.7.3-2]
		["$share/", "share name"],
		["$share//a", "share name"],
		["$share/g", "no topic filter"],
		["$share/g/", "no topic filter"],
		["$share/g+/a", "wildcard"],
		["$share/#/a", "wildcard"],
		["$share/g/a#", "#"],
		[`${DEEPEST}/`, "levels"],
		[`$share/g/${DEEPEST}/`, "levels"],
	])("%p may not: %s", (filter, reason) => {
		expect(topicFilterFault(filter)).toContain(reason);
	});

	test("$share is taken apart", () => {
		expect(parseFilter("a/b")).toEqual({ group: undefined, filter: "a/b" });
		expect(parseFilter("$share/group/a/b")).toEqual({ group: "group", filter: "a/b" });
		expect(parseFilter("$share/group//")).toEqual({ group: "group", filter: "/" });
		expect(parseFilter("$shared/group/a")).toEqual({ group: undefined, filter: "$shared/group/a" });
	});
});

describe("matching", () => {
	test.each([
		["a/b", "a/b", true],
		["a/b", "a/c", false],
		["a/b", "a", false],
		["a", "a/b", false],
		["a", "ab", false],
		["ab", "a", false],
		["+", "a", true],
		["+", "", true],
		["+", "a/b", false],
		["a/+", "a/", true],
		["a/+", "a", false],
		["+/+", "/", true],
		["/+", "/a", true],
		["/+", "a", false],
		["#", "a/b", true],
		["a/#", "a", true],
		["a/#", "a/", true],
		["a/#", "ab", false],
		["a/#", "b", false],
		["a/+/#", "a", false],
		["a/+/#", "a/b", true],
		["#", "$SYS", false], // [MQTT-4.7.2-1]
		["+/a", "$SYS/a", false],
		["$SYS/#", "$SYS/a", true],
		["$SYS/+", "$SYS/a", true],
		["$SYS/#", "$SYSTEM/a", false],
		["a", "A", false], // [MQTT-4.7.3-4]
	])("%p and %p: %p", (filter, name, matches) => {
		expect(filterMatches(filter, name)).toBe(matches);
	});
});
