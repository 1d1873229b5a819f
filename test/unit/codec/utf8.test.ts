import { describe, expect, test } from "@jest/globals";
import { decodeUtf8, encodeUtf8, ProtocolError, REASON, UsageError } from "../../../src/codec/index.ts";

function roundTrip(text: string): string {
	const bytes = encodeUtf8(text);
	return decodeUtf8(bytes, 0, bytes.length);
}

/** Bytes at the ends of the ranges that follow a lead byte. */
const TAIL_EDGES = [0x7f, 0x80, 0xbf, 0xc0];
const SECOND_EDGES = [...TAIL_EDGES, 0x8f, 0x90, 0x9f, 0xa0];

/** Well-formed, by the definition in Unicode's table 3-7: written down independently of the decoder. */
function wellFormed(bytes: readonly number[]): boolean {
	const [a = 0, b = 0, c = 0, d = 0] = bytes;
	const tail = (byte: number) => byte >= 0x80 && byte <= 0xbf;
	if (bytes.length === 2) return a >= 0xc2 && a <= 0xdf && tail(b);
	if (bytes.length === 3) {
		if (!tail(c)) return false;
		if (a === 0xe0) return b >= 0xa0 && b <= 0xbf;
		if (a === 0xed) return b >= 0x80 && b <= 0x9f;
		return a >= 0xe1 && a <= 0xef && tail(b);
	}
	if (!tail(c) || !tail(d)) return false;
	if (a === 0xf0) return b >= 0x90 && b <= 0xbf;
	if (a === 0xf4) return b >= 0x80 && b <= 0x8f;
	return a >= 0xf1 && a <= 0xf3 && tail(b);
}

function accepted(bytes: readonly number[]): boolean {
	const array = Uint8Array.from(bytes);
	try {
		decodeUtf8(array, 0, array.length);
		return true;
	} catch (error) {
		if (!(error instanceof ProtocolError) || error.reasonCode !== REASON.MALFORMED_PACKET) throw error;
		return false;
	}
}

describe("text", () => {
	test("of every code point survives", () => {
		for (let point = 1; point <= 0x10_ffff; point += point < 0x1_0100 ? 1 : 0x101) {
			if (point >= 0xd800 && point <= 0xdfff) continue;
			const text = String.fromCodePoint(point);
			if (roundTrip(text) !== text) throw new Error(`U+${point.toString(16)} does not survive`);
		}
	});

	test("of any length survives", () => {
		for (const unit of ["a", "é", "€", "😀", "aé€😀"]) {
			for (let count = 0; count < 70; count++) expect(roundTrip(unit.repeat(count))).toBe(unit.repeat(count));
		}
	});

	test("of 65,535 bytes survives", () => {
		for (const text of ["x".repeat(65_535), "é".repeat(32_767), "a😀".repeat(13_107)]) {
			expect(roundTrip(text) === text).toBe(true);
		}
	});

	test.each(["\ud800", "a\udfff", "\ud83d\ud83d\ude00", "\ude00\ud83d", "abc\udbff"])(
		"with a lone surrogate is not encoded: %j",
		(text) => {
			expect(() => encodeUtf8(text)).toThrow(UsageError);
		},
	);
});

describe("bytes", () => {
	test("alone are text below 80, but for U+0000", () => {
		for (let byte = 0; byte < 256; byte++) expect(accepted([byte])).toBe(byte > 0 && byte < 0x80);
	});

	test("in pairs that begin with no ASCII are text exactly if well-formed", () => {
		for (let a = 0x80; a < 256; a++) {
			for (const b of TAIL_EDGES) expect(accepted([a, b])).toBe(wellFormed([a, b]));
		}
	});

	test("in threes and fours at every edge are text exactly if well-formed", () => {
		for (let a = 0xe0; a < 256; a++) {
			for (const b of SECOND_EDGES) {
				for (const c of TAIL_EDGES) {
					if (a < 0xf0) expect(accepted([a, b, c])).toBe(wellFormed([a, b, c]));
					else for (const d of TAIL_EDGES) expect(accepted([a, b, c, d])).toBe(wellFormed([a, b, c, d]));
				}
			}
		}
	});

	test("are refused wherever the fault is", () => {
		for (let before = 0; before < 20; before++) {
			const text = new Array<number>(before).fill(0x61);
			expect(accepted([...text, 0xff, 0x61])).toBe(false);
			expect(accepted([...text, 0x00, 0x61])).toBe(false);
			expect(accepted([...text, 0xe2, 0x82])).toBe(false);
		}
	});

	test("are read from start to before end", () => {
		const bytes = encodeUtf8("€abc€");
		expect(decodeUtf8(bytes, 3, 6)).toBe("abc");
		expect(() => decodeUtf8(bytes, 0, 2)).toThrow(ProtocolError);
	});
});
