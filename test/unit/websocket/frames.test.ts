import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { encodeFrame, type FrameFault, FrameReader, OPCODE } from "../../../src/websocket/frames.ts";

/** What a reader told, data joined. */
class Told {
	readonly received: number[] = [];
	readonly pings: number[][] = [];
	readonly closes: [number, number[]][] = [];

	data(bytes: Uint8Array): void {
		for (const byte of bytes) this.received.push(byte);
	}

	ping(payload: Uint8Array): void {
		this.pings.push([...payload]);
	}

	closing(code: number, reason: Uint8Array): void {
		this.closes.push([code, [...reason]]);
	}
}

function read(...parts: readonly Uint8Array[]): { told: Told; fault: FrameFault | undefined } {
	const told = new Told();
	const reader = new FrameReader(told);
	for (const part of parts) {
		const fault = reader.push(part);
		if (fault !== undefined) return { told, fault };
	}
	return { told, fault: undefined };
}

/** A server's frame: not masked. */
function frame(opcode: number, payload: Uint8Array, isFinal = true): Uint8Array {
	const { length } = payload;
	const first = (isFinal ? 0x80 : 0) | opcode;
	const head =
		length < 126
			? [first, length]
			: length < 65_536
				? [first, 126, length >> 8, length & 255]
				: [first, 127, 0, 0, 0, 0, 0, (length >> 16) & 255, (length >> 8) & 255, length & 255];
	const bytes = new Uint8Array(head.length + length);
	bytes.set(head);
	bytes.set(payload, head.length);
	return bytes;
}

describe("a client's frame", () => {
	test("is masked, as in RFC 6455 section 5.7", () => {
		const mask = Uint8Array.of(0x37, 0xfa, 0x21, 0x3d);
		const hello = Uint8Array.of(0x48, 0x65, 0x6c, 0x6c, 0x6f);
		expect([...encodeFrame(OPCODE.text, hello, mask)]).toEqual([
			0x81, 0x85, 0x37, 0xfa, 0x21, 0x3d, 0x7f, 0x9f, 0x4d, 0x51, 0x58,
		]);
	});

	test.each([
		[0, [0x82, 0x80]],
		[125, [0x82, 0xfd]],
		[126, [0x82, 0xfe, 0, 126]],
		[65_535, [0x82, 0xfe, 255, 255]],
		[65_536, [0x82, 0xff, 0, 0, 0, 0, 0, 1, 0, 0]],
	])("of %d bytes says so", (length, head) => {
		const encoded = encodeFrame(OPCODE.binary, new Uint8Array(length), new Uint8Array(4));
		expect([...encoded.subarray(0, head.length)]).toEqual(head);
		expect(encoded).toHaveLength(head.length + 4 + length);
	});
});

describe("a server's frames", () => {
	test("give the same stream wherever they are cut, fragmented and with pings in between", () => {
		const messages = fc.array(
			fc.record({
				payload: fc.uint8Array({ maxLength: 300 }),
				pieces: fc.integer({ min: 1, max: 3 }),
				ping: fc.boolean(),
			}),
			{ maxLength: 4 },
		);
		fc.assert(
			fc.property(messages, fc.array(fc.nat(1_500), { maxLength: 6 }), (list, cuts) => {
				const bytes: number[] = [];
				for (const { payload, pieces, ping } of list) {
					const step = Math.ceil(payload.length / pieces) || 1;
					for (let piece = 0; piece < pieces; piece++) {
						const part = payload.subarray(piece * step, piece === pieces - 1 ? payload.length : (piece + 1) * step);
						bytes.push(...frame(piece === 0 ? OPCODE.binary : OPCODE.continuation, part, piece === pieces - 1));
						if (ping) bytes.push(...frame(OPCODE.ping, part.subarray(0, 125)));
					}
				}
				const ends = [...cuts.map((cut) => Math.min(cut, bytes.length)), bytes.length].sort((a, b) => a - b);
				const parts = ends.map((end, index) => Uint8Array.from(bytes.slice(ends[index - 1] ?? 0, end)));
				const { told, fault } = read(...parts);
				expect(fault).toBeUndefined();
				expect(told.received).toEqual(list.flatMap(({ payload }) => [...payload]));
				expect(told.pings).toHaveLength(list.reduce((count, { pieces, ping }) => count + (ping ? pieces : 0), 0));
			}),
		);
	});

	test("of every length form are read", () => {
		for (const length of [0, 125, 126, 65_535, 65_536]) {
			expect(read(frame(OPCODE.binary, new Uint8Array(length).fill(7))).told.received).toHaveLength(length);
		}
	});

	test("end with the close frame: code, reason, and nothing behind it", () => {
		const { told } = read(
			frame(OPCODE.close, Uint8Array.of(3, 0xf3, 0x6e, 0x6f)),
			frame(OPCODE.binary, Uint8Array.of(1)),
		);
		expect(told.closes).toEqual([[1_011, [0x6e, 0x6f]]]);
		expect(told.received).toEqual([]);
		expect(read(frame(OPCODE.close, new Uint8Array(0))).told.closes).toEqual([[1_005, []]]);
	});

	test.each<[string, readonly number[], number, RegExp]>([
		["a reserved bit", [0xc2, 0], 1_002, /reserved bits/],
		["a mask", [0x82, 0x80], 1_002, /masked/],
		["text", [0x81, 0], 1_003, /text message/],
		["opcode 3", [0x83, 0], 1_002, /unknown opcode 3/],
		["opcode 11", [0x8b, 0], 1_002, /unknown opcode 11/],
		["a continuation of nothing", [0x80, 0], 1_002, /wrong order/],
		["a message within a message", [0x02, 0, 0x82, 0], 1_002, /wrong order/],
		["a fragmented ping", [0x09, 0], 1_002, /control frame/],
		["a ping of 126 bytes", [0x89, 126], 1_002, /control frame/],
		["a length beyond all bounds", [0x82, 127, 0x80, 0, 0, 0, 0, 0, 0, 0], 1_002, /out of range/],
	])("with %s are refused", (_what, bytes, code, message) => {
		expect(read(Uint8Array.from(bytes)).fault).toEqual({ code, message: expect.stringMatching(message) });
	});

	test("of any bytes never throw, and never hold more than a control frame", () => {
		fc.assert(
			fc.property(fc.array(fc.uint8Array({ maxLength: 40 }), { maxLength: 10 }), (parts) => {
				const { told } = read(...parts);
				expect(told.received.length).toBeLessThanOrEqual(parts.reduce((sum, { length }) => sum + length, 0));
			}),
		);
	});
});
