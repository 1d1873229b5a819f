import { describe, expect, test } from "@jest/globals";
import { DerReader } from "../../../src/tls/der.ts";
import { readOid } from "../../../src/tls/oid.ts";
import { der } from "../../support/tls/der-writer.ts";
import { fromHex } from "../../support/tls/hex.ts";

const read = (hex: string) => readOid(new DerReader(der(6, fromHex(hex))));

describe("readOid", () => {
	test.each([
		["00", "0.0"],
		["27", "0.39"],
		["2a8648ce3d040302", "1.2.840.10045.4.3.2"],
		["551d13", "2.5.29.19"],
		["8837", "2.999"],
		["69837f", "2.25.511"],
	])("reads %s as %s", (hex, text) => {
		expect(read(hex)).toBe(text);
	});

	test.each([
		["nothing", ""],
		["a first arc cut short", "88"],
		["a later arc cut short", "5581"],
		["needless octets before the first arc", "8055"],
		["needless octets before a later arc", "55801d"],
		["more than 32 octets", "55".repeat(33)],
	])("refuses %s", (_, hex) => {
		expect(() => read(hex)).toThrow(/OBJECT IDENTIFIER/);
	});

	test("keeps arcs apart that a number of 32 bits would confuse", () => {
		expect(read("559080808013")).not.toBe("2.5.19");
	});
});
