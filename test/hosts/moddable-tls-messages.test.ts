import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { AFTER_HANDSHAKE, HANDSHAKE, HandshakeReader } from "../../hosts/device/tls/handshake-reader.ts";
import { type RecordOwner, RecordStream } from "../../hosts/device/tls/record-stream.ts";
import { forgetHandshake } from "../../hosts/device/tls/session-settings.ts";
import { FLIGHT, message, push } from "./support/handshake-flight.ts";

function drained(reader: HandshakeReader): Uint8Array[] {
	const messages: Uint8Array[] = [];
	for (let next = reader.next(); next; next = reader.next()) messages.push(next);
	return messages;
}

function cutAt(bytes: Uint8Array, cuts: readonly number[]): Uint8Array[] {
	const places = [0, ...cuts.map((cut) => cut % (bytes.length + 1)).sort((a, b) => a - b), bytes.length];
	return places.slice(1).map((end, at) => bytes.subarray(places[at], end));
}

describe("the handshake's messages", () => {
	test("come out whole and in order, wherever records cut them", () => {
		const messages = FLIGHT.slice(0, -1).map((type) => message(type, 40 * type));
		const bytes = Uint8Array.from(messages.flatMap((each) => [...each]));
		fc.assert(
			fc.property(fc.array(fc.nat(bytes.length), { maxLength: 30 }), (cuts) => {
				const reader = new HandshakeReader();
				const found: Uint8Array[] = [];
				for (const piece of cutAt(bytes, cuts)) {
					reader.push(piece);
					found.push(...drained(reader));
				}
				expect(found.map((each) => [...each])).toEqual(messages.map((each) => [...each]));
				expect([reader.isFinished, reader.isEmpty]).toEqual([false, true]);
				push(reader, HANDSHAKE.finished);
				expect([reader.isFinished, reader.isEmpty]).toEqual([true, false]);
			}),
		);
	});

	test("each other order is refused", () => {
		fc.assert(
			fc.property(fc.shuffledSubarray(FLIGHT, { minLength: 1 }), (types) => {
				const isPrefix = types.every((type, at) => type === FLIGHT[at]);
				const reader = new HandshakeReader();
				const feed = () => {
					for (const type of types) push(reader, type);
				};
				if (isPrefix) feed();
				else expect(feed).toThrow(/^(handshake message \d+ came|new keys) after/);
			}),
		);
	});

	test.each([1, 4, 15, 16, 24, 255])("a message of type %i is none of a server's", (type) => {
		expect(() => new HandshakeReader().push(message(type))).toThrow(`handshake message ${type} came after 0`);
	});

	test("a HelloRequest is ignored at any time, and has no content", () => {
		const reader = new HandshakeReader();
		for (const type of FLIGHT) {
			reader.push(message(HANDSHAKE.helloRequest, 0));
			push(reader, type);
		}
		reader.push(message(HANDSHAKE.helloRequest, 0));
		expect(drained(reader)).toHaveLength(FLIGHT.length);
		expect(() => reader.push(message(HANDSHAKE.helloRequest, 1))).toThrow("handshake message 0 came after 20");
	});

	test("new keys come once, between the server's last message in the open and its first that is not", () => {
		const reader = new HandshakeReader();
		for (const type of FLIGHT.slice(0, -1)) {
			expect(() => reader.changeKeys()).toThrow(/^new keys after handshake message \d+$/);
			reader.push(message(type));
		}
		expect(() => reader.push(message(HANDSHAKE.finished))).toThrow("handshake message 20 came after 14");
		reader.changeKeys();
		expect(() => reader.changeKeys()).toThrow("new keys after handshake message 14");
		reader.push(message(HANDSHAKE.finished));
		expect(() => reader.changeKeys()).toThrow("new keys after handshake message 20");
	});

	test("new keys within a message are refused", () => {
		const reader = new HandshakeReader();
		for (const type of FLIGHT.slice(0, -1)) reader.push(message(type));
		reader.push(Uint8Array.of(HANDSHAKE.helloRequest));
		expect(() => reader.changeKeys()).toThrow("new keys after");
	});

	test("are to be taken up once 4 KB of records wait, or the server's flight is whole", () => {
		const reader = new HandshakeReader();
		expect(reader.isFull).toBe(false);
		reader.push(message(HANDSHAKE.serverHello, 92));
		reader.push(message(HANDSHAKE.certificate, 3_996));
		expect(reader.isFull).toBe(false);
		reader.push(message(HANDSHAKE.serverKeyExchange, 0));
		expect(reader.isFull).toBe(true);
		expect(drained(reader)).toHaveLength(3);
		expect(reader.isFull).toBe(false);
		reader.push(message(HANDSHAKE.serverHelloDone));
		expect([reader.isFull, drained(reader).length, reader.isFull]).toEqual([true, 1, true]);
	});

	test("are to be taken up once the server has said all: what follows is data", () => {
		const reader = new HandshakeReader();
		for (const type of FLIGHT) {
			push(reader, type);
			drained(reader);
		}
		expect([reader.isFinished, reader.isFull]).toEqual([true, true]);
	});

	test("that are not complete count as waiting, but nothing of them is to be taken up", () => {
		const reader = new HandshakeReader();
		const bytes = Uint8Array.from([...message(HANDSHAKE.serverHello), ...message(HANDSHAKE.certificate, 6_000)]);
		reader.push(bytes.subarray(0, 5_000));
		expect([reader.isFull, drained(reader).length]).toEqual([true, 1]);
		expect([reader.isFull, reader.isEmpty]).toEqual([true, true]);
		reader.push(bytes.subarray(5_000));
		expect([drained(reader).length, reader.isFull]).toEqual([1, false]);
	});

	test("a message over several records lies in a buffer of its own, no longer than it is", () => {
		const bytes = Uint8Array.from([
			...message(HANDSHAKE.serverHello),
			...message(HANDSHAKE.certificate, 6_000),
			...message(HANDSHAKE.serverKeyExchange, 100),
		]);
		fc.assert(
			fc.property(fc.integer({ min: 11, max: 5_000 }), fc.integer({ min: 1, max: 5_000 }), (first, second) => {
				const reader = new HandshakeReader();
				const at = Math.min(first + second, 6_000);
				for (const [from, to] of [
					[0, first],
					[first, at],
					[at, bytes.length],
				])
					reader.push(bytes.slice(from, to));
				const [, certificate] = drained(reader);
				expect(Buffer.from(certificate ?? []).equals(message(HANDSHAKE.certificate, 6_000))).toBe(true);
				expect(certificate?.buffer.byteLength).toBe(certificate?.length);
			}),
		);
	});

	test("a message that claims more than 16 KB is refused by its header", () => {
		const reader = new HandshakeReader();
		expect(() => reader.push(Uint8Array.of(HANDSHAKE.serverHello, 0, 0x40, 1))).toThrow("16385 bytes, more than 16384");
	});
});

describe("after the handshake", () => {
	test("a session has no secret left but in its ciphers, and nothing of the handshake", () => {
		const ciphers = { clientCipher: { key: "secret", iv: "kept" }, serverCipher: { key: "secret", iv: "kept" } };
		const handshake = { masterSecret: "secret", clientRandom: "random", serverRandom: "random", dhparams: "point" };
		const session = { ...ciphers, ...handshake, handshakeDigests: {}, options: {}, chosenCipher: "kept" };
		forgetHandshake(session);
		expect(session).toStrictEqual({
			clientCipher: { iv: "kept" },
			serverCipher: { iv: "kept" },
			options: { input: AFTER_HANDSHAKE },
			chosenCipher: "kept",
		});
	});

	test("requests for another one are passed over", () => {
		expect(() => AFTER_HANDSHAKE.push(new Uint8Array(4))).not.toThrow();
		expect(() => AFTER_HANDSHAKE.push(new Uint8Array(8))).not.toThrow();
	});

	test("all else is refused", () => {
		for (const type of FLIGHT) expect(() => AFTER_HANDSHAKE.push(message(type))).toThrow("wants another handshake");
		expect(() => AFTER_HANDSHAKE.push(new Uint8Array(3))).toThrow("wants another handshake");
		expect(() => AFTER_HANDSHAKE.changeKeys()).toThrow("wants another handshake");
	});
});

/** Of records that nothing depends on. */
const OWNER: RecordOwner = { send: () => true, changeKeys: () => undefined };

describe("the records under a session", () => {
	/** Reads as the SDK does: five bytes, then what they announce. */
	function readRecord(stream: RecordStream): Uint8Array {
		const header = new Uint8Array(5);
		for (let at = 0; at < 5; at++) stream.read(header.subarray(at, at + 1));
		const body = new Uint8Array(((header[3] ?? 0) << 8) | (header[4] ?? 0));
		stream.read(body.subarray(0, 1));
		stream.read(body.subarray(1));
		return body;
	}

	test("are read across the pieces that they arrive in", () => {
		const records = [
			[22, 3, 3, 0, 3, 1, 2, 3],
			[23, 3, 3, 0, 1, 4],
		];
		const bytes = Uint8Array.from(records.flat());
		fc.assert(
			fc.property(fc.array(fc.nat(bytes.length)), (cuts) => {
				const stream = new RecordStream(OWNER);
				for (const piece of cutAt(bytes, cuts)) stream.push(piece);
				expect(stream.readable).toBe(bytes.length);
				expect([...readRecord(stream)]).toEqual([1, 2, 3]);
				expect([...readRecord(stream)]).toEqual([4]);
			}),
		);
	});

	test.each([
		["HTTP", [0x48, 0x54, 0x54, 0x50, 0x2f], "does not speak TLS on this port"],
		["SSL 2", [0x80, 0x2e, 1, 3, 1], "does not speak TLS on this port"],
		["another major version", [22, 4, 0, 0, 1], "does not speak TLS on this port"],
		["an empty record", [22, 3, 3, 0, 0], "a record of 0 bytes"],
		["a record over the limit", [23, 3, 3, 0x40, 25], "a record of 16409 bytes"],
	])("%s is refused by its header", (_, header, reason) => {
		const stream = new RecordStream(OWNER);
		stream.push(Uint8Array.from(header));
		expect(() => stream.read(new Uint8Array(5))).toThrow(reason);
	});

	test("a ChangeCipherSpec is told of by its header, and may be refused", () => {
		const changeKeys = () => {
			throw new Error("too early");
		};
		const stream = new RecordStream({ ...OWNER, changeKeys });
		stream.push(Uint8Array.from([22, 3, 3, 0, 1, 0, 20, 3, 3, 0, 1]));
		expect([...readRecord(stream)]).toEqual([0]);
		expect(() => stream.read(new Uint8Array(5))).toThrow("too early");
	});

	test("what is written in one flight goes on in one piece, and nothing of a flight in which nothing was", () => {
		const written: number[][] = [];
		const stream = new RecordStream({ ...OWNER, send: (bytes) => written.push([...bytes]) > 1 });
		stream.holdFlight();
		stream.write(Uint8Array.of(1, 2));
		expect(stream.write(Uint8Array.of(3))).toBeGreaterThan(0);
		expect(written).toEqual([]);
		stream.sendFlight();
		expect([stream.hasRoom, written]).toEqual([false, [[1, 2, 3]]]);
		stream.write(Uint8Array.of(4));
		stream.holdFlight();
		stream.sendFlight();
		expect(written.slice(1)).toEqual([[4]]);
	});

	test("no more than 32 KB wait to be read", () => {
		const stream = new RecordStream(OWNER);
		for (let kilobytes = 0; kilobytes < 32; kilobytes++) stream.push(new Uint8Array(1_024));
		expect(() => stream.push(new Uint8Array(1))).toThrow("more than a handshake takes");
		expect(stream.readable).toBe(32_768);
	});

	test("the largest record is read", () => {
		const stream = new RecordStream(OWNER);
		stream.push(Uint8Array.from([23, 3, 3, 0x40, 24]));
		expect(() => stream.read(new Uint8Array(5))).not.toThrow();
	});

	test("what is written goes on, and whether there is room comes back", () => {
		const written: number[] = [];
		const stream = new RecordStream({ ...OWNER, send: (bytes) => written.push(bytes.length) < 2 });
		stream.write(new Uint8Array(3));
		expect(stream.hasRoom).toBe(true);
		stream.write(new Uint8Array(4));
		expect([stream.hasRoom, written]).toEqual([false, [3, 4]]);
	});
});
