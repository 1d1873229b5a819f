import { describe, expect, test } from "@jest/globals";
import {
	CLIENT,
	type DecodedPacket,
	Decoder,
	type DecoderOptions,
	encode,
	encodePingresp,
	encodePublish,
	encodePublishHead,
	ProtocolError,
	type ProtocolVersion,
	REASON,
	ServerDecoder,
	UsageError,
} from "../../../src/codec/index.ts";
import { fromHex } from "../../vectors/codec/index.ts";

const PAYLOAD = Uint8Array.from({ length: 300 }, (_, index) => index);
const HEADER = { topic: "a/b", qos: 1, retain: true, dup: false, messageId: 7, properties: undefined } as const;

function streaming(options: Partial<DecoderOptions> = {}, version: ProtocolVersion = 4): Decoder {
	const decoder = new Decoder({ role: CLIENT, maxPacket: 268_435_460, streamAbove: 100, ...options });
	decoder.version = version;
	return decoder;
}

function feed(decoder: Decoder, ...chunks: readonly Uint8Array[]): DecodedPacket[] {
	const packets: DecodedPacket[] = [];
	for (const chunk of chunks) {
		decoder.push(chunk);
		for (let packet = decoder.next(); packet !== undefined; packet = decoder.next()) packets.push(packet);
	}
	return packets;
}

function cut(bytes: Uint8Array, size: number): Uint8Array[] {
	const chunks: Uint8Array[] = [];
	for (let at = 0; at < bytes.length; at += size) chunks.push(bytes.slice(at, at + size));
	return chunks;
}

describe("a PUBLISH over the streaming limit", () => {
	test("in one chunk is its beginning and one piece, in place", () => {
		const frame = encodePublish(HEADER, PAYLOAD, 4);
		const [begin, piece, ...rest] = feed(streaming(), frame);
		expect(begin).toEqual({ cmd: "publishBegin", ...HEADER, length: 300 });
		expect(piece).toEqual({ cmd: "publishChunk", offset: 0, bytes: PAYLOAD, end: true });
		expect(rest).toEqual([]);
		if (piece?.cmd !== "publishChunk") throw new Error("no piece");
		expect(piece.bytes.buffer).toBe(frame.buffer);
	});

	test.each([3, 4, 5] as const)("of version %d comes in pieces as it arrives, in any cut", (version) => {
		const properties = version === 5 ? { contentType: "x", messageExpiryInterval: 3 } : undefined;
		const frame = encodePublish({ ...HEADER, properties }, PAYLOAD, version);
		for (const size of [1, 2, 3, 7, 64, 299]) {
			const [begin, ...pieces] = feed(streaming({}, version), ...cut(frame, size));
			expect(begin).toEqual({ cmd: "publishBegin", ...HEADER, properties, length: 300 });
			let offset = 0;
			for (const piece of pieces) {
				if (piece.cmd !== "publishChunk") throw new Error(`${piece.cmd} instead of a piece`);
				expect(piece.offset).toBe(offset);
				expect(piece.bytes.length).toBeGreaterThan(0);
				expect(piece.bytes).toEqual(PAYLOAD.slice(offset, offset + piece.bytes.length));
				offset += piece.bytes.length;
				expect(piece.end).toBe(offset === 300);
			}
			expect(offset).toBe(300);
		}
	});

	test("is followed by what follows it", () => {
		const frame = encodePublish(HEADER, PAYLOAD, 4);
		const decoder = streaming();
		const packets = feed(decoder, frame.slice(0, 200), new Uint8Array([...frame.slice(200), ...encodePingresp()]));
		expect(packets.map(({ cmd }) => cmd)).toEqual(["publishBegin", "publishChunk", "publishChunk", "pingresp"]);
	});

	test("is never held, but counts as a packet in progress", () => {
		const decoder = streaming();
		const frame = encodePublish(HEADER, PAYLOAD, 4);
		feed(decoder, frame.slice(0, 50));
		expect(decoder.pending).toBe(50);
		expect(decoder.held).toBe(0);
		feed(decoder, frame.slice(50, -1));
		expect(decoder.pending).toBe(frame.length - 1);
		expect(decoder.held).toBe(0);
		feed(decoder, frame.slice(-1));
		expect(decoder.pending).toBe(0);
	});

	test("has no frame", () => {
		const decoder = new ServerDecoder({ maxPacket: 1_000, streamAbove: 100 });
		decoder.push(
			encode({ cmd: "connect", protocolId: "MQTT", protocolVersion: 4, clean: true, clientId: "", keepalive: 0 }, 4),
		);
		decoder.next();
		decoder.next();
		decoder.push(encodePublish(HEADER, PAYLOAD, 4));
		decoder.next();
		expect(() => decoder.frame).toThrow("no frame");
	});

	test("may be longer than any memory", () => {
		const decoder = streaming();
		const begin = feed(decoder, fromHex("30ffffff7f000161"), new Uint8Array(1_000));
		expect(begin).toMatchObject([
			{ cmd: "publishBegin", length: 268_435_452 },
			{ cmd: "publishChunk", end: false },
		]);
		expect(decoder.held).toBe(0);
	});
});

describe("the streaming limit", () => {
	test("is the payload's: one byte more streams", () => {
		expect(feed(streaming(), encodePublish(HEADER, PAYLOAD.slice(0, 100), 4))).toMatchObject([{ cmd: "publish" }]);
		expect(feed(streaming(), encodePublish(HEADER, PAYLOAD.slice(0, 101), 4))).toMatchObject([
			{ cmd: "publishBegin", length: 101 },
			{ cmd: "publishChunk", end: true },
		]);
	});

	test("does not count topic and properties", () => {
		const topic = "t".repeat(150);
		const properties = { contentType: "c".repeat(150) };
		const packet = { ...HEADER, topic, properties };
		for (const size of [1, 50, 1_000]) {
			const packets = feed(streaming({}, 5), ...cut(encodePublish(packet, PAYLOAD.slice(0, 100), 5), size));
			expect(packets).toEqual([{ cmd: "publish", ...packet, payload: PAYLOAD.slice(0, 100) }]);
		}
	});

	test("can be 0: all but empty payloads stream", () => {
		expect(feed(streaming({ streamAbove: 0 }), encodePublish(HEADER, PAYLOAD.slice(0, 1), 4))).toMatchObject([
			{ cmd: "publishBegin", length: 1 },
			{ cmd: "publishChunk", end: true },
		]);
		expect(feed(streaming({ streamAbove: 0 }), encodePublish(HEADER, new Uint8Array(0), 4))).toMatchObject([
			{ cmd: "publish" },
		]);
	});

	test("leaves maxPacket in force", () => {
		expect(refusal(streaming({ maxPacket: 200 }), encodePublish(HEADER, PAYLOAD, 4).slice(0, 3))).toBe(
			REASON.PACKET_TOO_LARGE,
		);
	});
});

describe("what must be held at once", () => {
	test.each([
		["a topic", encodePublish({ ...HEADER, topic: "t".repeat(500) }, PAYLOAD, 4), 4],
		["properties", encodePublish({ ...HEADER, properties: { contentType: "c".repeat(500) } }, PAYLOAD, 5), 5],
		["another packet", encode({ cmd: "suback", messageId: 1, granted: new Array(500).fill(0) }, 4), 4],
	] as const)("has a limit, for %s", (_, frame, version) => {
		expect(refusal(streaming({ maxHeld: 400 }, version), frame)).toBe(REASON.PACKET_TOO_LARGE);
		expect(feed(streaming({ maxHeld: 900 }, version), frame).length).toBeGreaterThan(0);
		for (const size of [1, 100]) {
			expect(refusal(streaming({ maxHeld: 400 }, version), ...cut(frame, size))).toBe(REASON.PACKET_TOO_LARGE);
		}
	});

	test("is never more than the limit while it arrives", () => {
		const decoder = streaming({ maxHeld: 600 }, 5);
		const frame = encodePublish({ ...HEADER, properties: { contentType: "c".repeat(500) } }, PAYLOAD, 5);
		for (const chunk of cut(frame, 10)) {
			feed(decoder, chunk);
			expect(decoder.held).toBeLessThanOrEqual(600);
		}
	});
});

test("fields that do not fit are refused before the payload is awaited", () => {
	expect(refusal(streaming(), fromHex("32c8010200"))).toBe(REASON.MALFORMED_PACKET);
	expect(refusal(streaming({}, 5), fromHex("30c801000161ffffff7f"))).toBe(REASON.MALFORMED_PACKET);
	expect(refusal(streaming({}, 5), fromHex("30c801000161ffffffff"), new Uint8Array(400))).toBe(REASON.MALFORMED_PACKET);
	expect(refusal(streaming({}, 5), fromHex("30c88100000161"), fromHex("00"), new Uint8Array(400))).toBe(
		REASON.MALFORMED_PACKET,
	);
});

function refusal(decoder: Decoder, ...chunks: readonly Uint8Array[]): number {
	try {
		feed(decoder, ...chunks);
	} catch (error) {
		if (error instanceof ProtocolError) return error.reasonCode;
		throw error;
	}
	throw new Error("nothing was refused");
}

describe("a PUBLISH whose payload follows it", () => {
	test.each([3, 4, 5] as const)("of version %d is the whole packet, cut before its payload", (version) => {
		const properties = version === 5 ? { contentType: "x" } : undefined;
		for (const topic of ["a/b", "tür"]) {
			for (const length of [0, 1, 100, 200, 16_384]) {
				const header = { ...HEADER, topic, properties };
				const payload = new Uint8Array(length).fill(7);
				const whole = encodePublish(header, payload, version);
				const head = encodePublishHead(header, length, version);
				expect(head).toEqual(whole.subarray(0, whole.length - length));
			}
		}
	});

	test("must not be longer than MQTT allows", () => {
		expect(() => encodePublishHead(HEADER, 268_435_456, 4)).toThrow(UsageError);
	});
});
