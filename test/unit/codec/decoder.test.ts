import { describe, expect, test } from "@jest/globals";
import {
	CLIENT,
	type DecodedPacket,
	Decoder,
	type DecoderOptions,
	encode,
	encodePingresp,
	encodePublish,
	ProtocolError,
	REASON,
	ServerDecoder,
	UnsupportedVersionError,
	UsageError,
} from "../../../src/codec/index.ts";
import { fromHex, toHex } from "../../vectors/codec/index.ts";

const CONNECT_PACKET = {
	cmd: "connect",
	protocolId: "MQTT",
	protocolVersion: 4,
	clean: true,
	clientId: "c",
	keepalive: 0,
} as const;
const CONNECT = encode(CONNECT_PACKET, 4);
const PINGREQ = encode({ cmd: "pingreq" }, 4);
const HEADER = { qos: 0, retain: false, dup: false, messageId: undefined, properties: undefined } as const;

function publish(topic: string, payload: number): Uint8Array {
	return encodePublish({ ...HEADER, topic }, new Uint8Array(payload).fill(0x2a), 4);
}

function client(options: Partial<DecoderOptions> = {}): Decoder {
	return new Decoder({ role: CLIENT, maxPacket: 1_000, ...options });
}

/** A decoder that has had its CONNECT. */
function server(): ServerDecoder {
	const decoder = new ServerDecoder({ maxPacket: 1_000 });
	decoder.push(CONNECT);
	drain(decoder);
	return decoder;
}

function joined(...parts: readonly Uint8Array[]): Uint8Array {
	const bytes = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
	let at = 0;
	for (const part of parts) {
		bytes.set(part, at);
		at += part.length;
	}
	return bytes;
}

function drain(decoder: Decoder): DecodedPacket[] {
	const packets: DecodedPacket[] = [];
	for (let packet = decoder.next(); packet !== undefined; packet = decoder.next()) packets.push(packet);
	return packets;
}

function reasonOf(run: () => unknown): number {
	try {
		run();
	} catch (error) {
		if (error instanceof ProtocolError) return error.reasonCode;
		throw error;
	}
	throw new Error("nothing was refused");
}

describe("packets in one chunk", () => {
	test("come out one by one, read in place", () => {
		const chunk = joined(publish("a", 2), encodePingresp(), publish("b/c", 0));
		const decoder = client();
		decoder.push(chunk);
		const [first, second, third] = drain(decoder);
		expect(first).toMatchObject({ topic: "a", payload: new Uint8Array([0x2a, 0x2a]) });
		expect(second).toEqual({ cmd: "pingresp" });
		expect(third).toMatchObject({ topic: "b/c", payload: new Uint8Array(0) });
		if (first?.cmd !== "publish") throw new Error("no publish");
		expect(first.payload.buffer).toBe(chunk.buffer);
		expect(decoder.held).toBe(0);
	});

	test("give a server their frame until the next packet, as a view", () => {
		const frame = publish("a/b", 3);
		const decoder = server();
		decoder.push(joined(PINGREQ, frame, PINGREQ));
		decoder.next();
		expect(() => decoder.frame).toThrow(UsageError);
		decoder.next();
		expect(toHex(decoder.frame)).toBe(toHex(frame));
		decoder.next();
		expect(() => decoder.frame).toThrow(UsageError);
	});

	test("of a subclass of Uint8Array come out as plain Uint8Arrays", () => {
		class Special extends Uint8Array {}
		const decoder = server();
		decoder.push(new Special(publish("a", 3)));
		const packet = decoder.next();
		if (packet?.cmd !== "publish") throw new Error("no publish");
		expect(packet.payload.constructor).toBe(Uint8Array);
		expect(decoder.frame.constructor).toBe(Uint8Array);
	});

	test("must be taken before the next chunk", () => {
		const decoder = client();
		decoder.push(publish("a", 1));
		expect(() => decoder.push(publish("b", 1))).toThrow(UsageError);
	});
});

describe("a packet that straddles chunks", () => {
	test("is held until it is whole, and its frame with it", () => {
		const frame = publish("a", 50);
		const decoder = server();
		decoder.push(frame.slice(0, 20));
		expect(drain(decoder)).toEqual([]);
		expect(decoder.pending).toBe(20);
		decoder.push(joined(frame.slice(20), publish("b", 1)));
		expect(decoder.next()).toMatchObject({ topic: "a", payload: new Uint8Array(50).fill(0x2a) });
		expect(toHex(decoder.frame)).toBe(toHex(frame));
		expect(decoder.pending).toBe(0);
		expect(decoder.next()).toMatchObject({ topic: "b" });
		expect(decoder.next()).toBeUndefined();
	});

	test("keeps its payload while the next one is decoded", () => {
		const decoder = client();
		const frames = joined(publish("a", 4), publish("b", 4));
		decoder.push(frames.slice(0, 5));
		drain(decoder);
		decoder.push(frames.slice(5, 14));
		const [first] = drain(decoder);
		decoder.push(frames.slice(14).fill(0x2b));
		drain(decoder);
		expect(first).toMatchObject({ topic: "a", payload: new Uint8Array(4).fill(0x2a) });
	});

	test("costs what has arrived, not what it announces", () => {
		const decoder = client({ maxPacket: 268_435_460 });
		decoder.push(fromHex("30ffffff7f0001"));
		expect(decoder.next()).toBeUndefined();
		expect(decoder.held).toBeLessThanOrEqual(4_096);
		let sent = 7;
		for (let i = 0; i < 100; i++) {
			decoder.push(new Uint8Array(1_000).fill(0x61));
			expect(decoder.next()).toBeUndefined();
			sent += 1_000;
			expect(decoder.pending).toBe(sent);
			expect(decoder.held).toBeLessThanOrEqual(Math.max(4_096, 2 * sent));
		}
	});
});

describe("the limit", () => {
	test("is the whole packet's, and holds from its fixed header on", () => {
		const decoder = client({ maxPacket: 131 });
		decoder.push(publish("a", 125));
		expect(drain(decoder)).toHaveLength(1);
		decoder.push(publish("a", 126).slice(0, 3));
		expect(reasonOf(() => decoder.next())).toBe(REASON.PACKET_TOO_LARGE);
		expect(decoder.held).toBe(0);
	});

	test("can be changed between packets", () => {
		const decoder = client({ maxPacket: 10 });
		decoder.maxPacket = 100;
		decoder.push(publish("a", 50));
		expect(drain(decoder)).toHaveLength(1);
		decoder.maxPacket = 50;
		decoder.push(publish("a", 50));
		expect(reasonOf(() => decoder.next())).toBe(REASON.PACKET_TOO_LARGE);
	});

	test.each([0, 1, -5, Number.NaN])("cannot be %p", (maxPacket) => {
		expect(() => client({ maxPacket })).toThrow(UsageError);
	});
});

describe("before the CONNECT, a server", () => {
	const connect = encode({ ...CONNECT_PACKET, protocolVersion: 5 }, 5);

	test("does not know the version, and after it does", () => {
		const decoder = new ServerDecoder({ maxPacket: 1_000 });
		decoder.push(joined(connect, encodePublish({ ...HEADER, topic: "t" }, new Uint8Array(200), 5)));
		expect(decoder.next()).toMatchObject({ cmd: "connect", protocolVersion: 5 });
		expect(decoder.version).toBe(5);
		expect(decoder.next()).toMatchObject({ cmd: "publish", payload: new Uint8Array(200) });
	});

	test("takes nothing else, from the first byte", () => {
		const decoder = new ServerDecoder({ maxPacket: 1_000 });
		decoder.push(new Uint8Array([0x30]));
		expect(reasonOf(() => decoder.next())).toBe(REASON.PROTOCOL_ERROR);
	});

	test("takes a second CONNECT for what it is: to refuse it is the session's business", () => {
		const decoder = new ServerDecoder({ maxPacket: 1_000 });
		decoder.push(joined(connect, connect));
		expect(drain(decoder)).toMatchObject([{ cmd: "connect" }, { cmd: "connect" }]);
	});

	test.each([
		["MQTT", 6],
		["MQTT", 3],
		["MQIsdp", 4],
		["AMQP", 1],
	])("is told which protocol was asked for: %s %d", (name, level) => {
		const decoder = new ServerDecoder({ maxPacket: 1_000 });
		const text = Array.from(name, (letter) => letter.charCodeAt(0));
		const body = [0, text.length, ...text, level, 2, 0, 0, 0xff, 0xff];
		decoder.push(new Uint8Array([0x10, body.length, ...body]));
		let error: unknown;
		try {
			decoder.next();
		} catch (thrown) {
			error = thrown;
		}
		expect(error).toBeInstanceOf(UnsupportedVersionError);
		expect(error).toMatchObject({
			reasonCode: REASON.UNSUPPORTED_PROTOCOL_VERSION,
			protocolName: name,
			protocolLevel: level,
		});
	});
});

describe("after an error", () => {
	test("the decoder throws the same again, and takes nothing more", () => {
		const decoder = client();
		decoder.push(joined(fromHex("0000"), publish("a", 1)));
		expect(reasonOf(() => decoder.next())).toBe(REASON.MALFORMED_PACKET);
		expect(reasonOf(() => decoder.next())).toBe(REASON.MALFORMED_PACKET);
		decoder.push(publish("a", 1));
		expect(reasonOf(() => decoder.next())).toBe(REASON.MALFORMED_PACKET);
		expect(decoder.pending).toBe(0);
		expect(decoder.held).toBe(0);
	});

	test("what came before it has come out", () => {
		const decoder = client();
		decoder.push(joined(publish("a", 1), fromHex("0000")));
		expect(decoder.next()).toMatchObject({ topic: "a" });
		expect(reasonOf(() => decoder.next())).toBe(REASON.MALFORMED_PACKET);
	});
});
