import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { DerReader } from "../../../src/tls/der.ts";
import { formatDate, readTime } from "../../../src/tls/time.ts";
import { ascii, der } from "../../support/tls/der-writer.ts";

const read = (text: string) => readTime(new DerReader(der(text.length <= 13 ? 0x17 : 0x18, ascii(text))));
const readAs = (tag: number, text: string) => readTime(new DerReader(der(tag, ascii(text))));

describe("readTime", () => {
	test.each([
		["700101000000Z", 0],
		["700101000001Z", 1],
		["500101000000Z", -631_152_000],
		["491231235959Z", 2_524_607_999],
		["000229120000Z", 951_825_600],
		["240229000000Z", 1_709_164_800],
		["380119031407Z", 2_147_483_647],
		["20500101000000Z", 2_524_608_000],
		["20000301000000Z", 951_868_800],
		["21000301000000Z", 4_107_542_400],
		["19491231235959Z", -631_152_001],
		["99991231235959Z", 253_402_300_799],
	])("reads %s", (text, seconds) => {
		expect(read(text)).toBe(seconds);
	});

	test.each([
		"701301000000Z",
		"700001000000Z",
		"700100000000Z",
		"700132000000Z",
		"700431000000Z",
		"230229000000Z",
		"21000229000000Z",
		"700101240000Z",
		"700101006000Z",
		"700101000060Z",
		"7001010000Z",
		"700101000000",
		"700101000000z",
		"700101000000+0000",
		"20500101000000.5Z",
		"7O0101000000Z",
		"-70101000000Z",
		" 70101000000Z",
		"",
	])("refuses %s", (text) => {
		expect(() => read(text)).toThrow(/time/);
	});

	test("takes each form for the tag of its own alone", () => {
		expect(() => readAs(0x18, "700101000000Z")).toThrow(/time/);
		expect(() => readAs(0x17, "19700101000000Z")).toThrow(/time/);
		expect(() => readAs(0x16, "700101000000Z")).toThrow(/tag/);
	});
});

describe("formatDate", () => {
	test("gives back the date that was read", () => {
		const two = (value: number) => value.toString().padStart(2, "0");
		const date = fc.tuple(
			fc.integer({ min: 0, max: 9_999 }),
			fc.integer({ min: 1, max: 12 }),
			fc.integer({ min: 1, max: 28 }),
		);
		fc.assert(
			fc.property(date, fc.integer({ min: 0, max: 86_399 }), ([year, month, day], second) => {
				const digits = year.toString().padStart(4, "0");
				const midnight = read(`${digits}${two(month)}${two(day)}000000Z`);
				expect(formatDate(midnight + second)).toBe(`${digits}-${two(month)}-${two(day)}`);
			}),
		);
	});

	test("knows the last day of February and of the year", () => {
		expect(formatDate(951_825_600)).toBe("2000-02-29");
		expect(formatDate(253_402_300_799)).toBe("9999-12-31");
		expect(formatDate(-1)).toBe("1969-12-31");
	});
});
