import { describe, expect, test } from "@jest/globals";
import { parseJsonObject } from "../../../src/json/index.ts";

const nested = (levels: number): string => `${'{"a":'.repeat(levels)}1${"}".repeat(levels)}`;

describe("JSON from anybody", () => {
	test("is an object, or an array", () => {
		expect(parseJsonObject('{"a":[{"b":null}]}')).toEqual({ a: [{ b: null }] });
		expect(parseJsonObject("[1]")).toEqual([1]);
	});

	test.each(["", "1", "null", '"{}"', "{", "{}}", "[}", '{"a":"\\"}', "\\{}"])("is not %j", (text) => {
		expect(parseJsonObject(text)).toBeUndefined();
	});

	test("is eight levels deep at most, closed or not", () => {
		expect(parseJsonObject(nested(8))).toEqual(JSON.parse(nested(8)));
		expect(parseJsonObject(nested(9))).toBeUndefined();
		expect(parseJsonObject("[".repeat(100_000))).toBeUndefined();
		expect(parseJsonObject(`[${"[],".repeat(100)}[]]`)).toHaveLength(101);
	});

	test("may have as many brackets in its texts as it likes", () => {
		const value = { summary: '[[[[[[[[[[{{{{{{"[[[[\\', "{{{{{{{{{{{": "]" };
		expect(parseJsonObject(JSON.stringify(value))).toEqual(value);
	});
});
