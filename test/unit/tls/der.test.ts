import { describe, expect, test } from "@jest/globals";
import { DerError, DerReader, TAG } from "../../../src/tls/der.ts";
import { concat, der, sequence } from "../../support/tls/der-writer.ts";
import { fromHex } from "../../support/tls/hex.ts";

const reader = (hex: string) => new DerReader(fromHex(hex));

describe("DerReader", () => {
	test("reads elements in turn and nested", () => {
		const outer = reader("300a 0201 05 3005 0101ff 0500");
		const list = outer.enter(TAG.sequence);
		expect(outer.done).toBe(true);
		expect(list.integer()).toEqual(fromHex("05"));
		const inner = list.enter(TAG.sequence);
		expect(inner.boolean()).toBe(true);
		expect(inner.tag).toBe(TAG.null);
		expect(inner.element(TAG.null)).toEqual(fromHex("0500"));
		expect(inner.tag).toBe(-1);
		inner.finish();
		list.finish();
	});

	test.each([127, 128, 255, 256, 65_535])("reads a content of %s octets", (length) => {
		const content = new Uint8Array(length).fill(7);
		expect(new DerReader(der(TAG.octetString, content)).take(TAG.octetString)).toEqual(content);
	});

	test("hands out views", () => {
		const bytes = sequence(der(TAG.octetString, fromHex("010203")));
		const content = new DerReader(bytes).enter(TAG.sequence).take(TAG.octetString);
		expect(content.buffer).toBe(bytes.buffer);
	});

	test("stays within the range that it is given", () => {
		const bytes = concat(fromHex("ffff"), der(TAG.octetString, fromHex("01")), fromHex("ffff"));
		const inner = new DerReader(bytes, 2, 5);
		expect(inner.take(TAG.octetString)).toEqual(fromHex("01"));
		expect(inner.done).toBe(true);
		expect(() => new DerReader(bytes, 2, 4).take(TAG.octetString)).toThrow(DerError);
	});

	test.each([
		["nothing", "", /end found/],
		["a tag alone", "04", /truncated/],
		["another tag", "0500", /tag 0x04 expected, 0x05 found \(at byte 0\)/],
		["content cut short", "040301", /length 3 exceeds/],
		["an indefinite length", "0480 0000", /indefinite/],
		["a length that promises octets it has not", "0482 01", /truncated/],
		["a long form where the short one does", "0481 01 00", /shortest/],
		["a length with a leading zero", "0482 0080", /shortest/],
		["three octets of length where two do", "0483 00ffff", /shortest/],
		["a length of four octets", "0484 7fffffff", /oversized/],
		["a length of 127 octets", "04ff 01", /oversized/],
		["16 MB that are not there", "0483 ffffff", /exceeds/],
	])("refuses %s", (_, hex, fault) => {
		expect(() => reader(hex).take(TAG.octetString)).toThrow(DerError);
		expect(() => reader(hex).take(TAG.octetString)).toThrow(fault);
	});

	test("refuses a tag of several octets", () => {
		expect(() => reader("1f8101 00").take(0x1f)).toThrow(/tag of several octets/);
	});

	test("refuses what follows", () => {
		expect(() => reader("00").finish()).toThrow(/nothing may follow/);
	});

	test.each([
		["00", ""],
		["01", "01"],
		["7f", "7f"],
		["0080", "80"],
		["00ffffff", "ffffff"],
	])("reads INTEGER %s without its sign", (content, magnitude) => {
		expect(new DerReader(der(TAG.integer, fromHex(content))).unsigned()).toEqual(fromHex(magnitude));
	});

	test.each(["", "0000", "007f", "80", "ff80", "ffff"])("refuses the unsigned INTEGER %s", (content) => {
		expect(() => new DerReader(der(TAG.integer, fromHex(content))).unsigned()).toThrow(DerError);
	});

	test("reads a negative INTEGER where one may be", () => {
		expect(new DerReader(der(TAG.integer, fromHex("ff7f"))).integer()).toEqual(fromHex("ff7f"));
	});

	test("reads FALSE", () => {
		expect(reader("010100").boolean()).toBe(false);
	});

	test.each(["0100", "010101", "0102ffff"])("refuses the BOOLEAN %s", (hex) => {
		expect(() => reader(hex).boolean()).toThrow(/not a BOOLEAN/);
	});

	test.each(["0300", "030107", "030203f8"])("refuses the BIT STRING %s where octets are wanted", (hex) => {
		expect(() => reader(hex).octetsOfBits()).toThrow(/BIT STRING/);
	});
});
