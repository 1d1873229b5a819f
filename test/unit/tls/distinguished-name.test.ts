import { describe, expect, test } from "@jest/globals";
import { describeName, isEmptyName } from "../../../src/tls/distinguished-name.ts";
import { ascii, concat, der, distinguishedName, sequence } from "../../support/tls/der-writer.ts";
import { fromHex } from "../../support/tls/hex.ts";

const attribute = (type: string, tag: number, value: Uint8Array) => sequence(der(6, fromHex(type)), der(tag, value));
const named = (tag: number, value: Uint8Array) => describeName(sequence(der(0x31, attribute("550403", tag, value))));

describe("describeName", () => {
	test("labels what it knows", () => {
		const name = sequence(
			der(0x31, attribute("550406", 0x13, ascii("DE"))),
			der(0x31, attribute("55040a", 0x0c, ascii("Example")), attribute("55040b", 0x0c, ascii("Hub"))),
			der(0x31, attribute("550405", 0x13, ascii("42"))),
			der(0x31, attribute("550403", 0x0c, ascii("broker"))),
		);
		expect(describeName(name)).toBe("C=DE, O=Example, OU=Hub, 2.5.4.5=42, CN=broker");
	});

	test.each([
		["UTF8String", 0x0c, "42c3b67220e4bba320f09f8fa0", "Bör 代 🏠"],
		["BMPString", 0x1e, "004200f600724ee3", "Bör代"],
		["TeletexString", 0x14, "42f672", "Bör"],
		["BMPString of odd length", 0x1e, "0042ff", "B\uff00"],
		["controls", 0x0c, "610a62007f", "a\ufffdb\ufffd\ufffd"],
		["marks of direction", 0x0c, "61e280ae62", "a\ufffdb"],
		["overlong controls", 0x0c, "61c08a62", "a\ufffdb"],
		["a surrogate", 0x0c, "eda080", "\ufffd"],
		["a code point out of range", 0x0c, "f7bfbfbf", "\ufffd"],
		["UTF-8 cut short", 0x0c, "61c3", "a\u00c0"],
	])("reads %s", (_, tag, hex, text) => {
		expect(named(tag, fromHex(hex))).toBe(`CN=${text}`);
	});

	test("bounds what it makes of a long name", () => {
		expect(describeName(distinguishedName("x".repeat(10_000))).length).toBeLessThan(130);
		expect(describeName(distinguishedName(...new Array<string>(500).fill("ab"))).length).toBeLessThan(130);
	});

	test("has a word for what cannot be read", () => {
		expect(describeName(fromHex("3003310130"))).toBe("a name that cannot be read");
		expect(describeName(concat())).toBe("a name that cannot be read");
	});

	test("knows an empty name", () => {
		expect(isEmptyName(sequence())).toBe(true);
		expect(isEmptyName(distinguishedName("a"))).toBe(false);
		expect(describeName(sequence())).toBe("");
	});
});
