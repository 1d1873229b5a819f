import { describe, expect, test } from "@jest/globals";
import {
	CLIENT,
	Decoder,
	encode,
	ProtocolError,
	type ProtocolVersion,
	type Role,
	SERVER,
	ServerDecoder,
	UsageError,
} from "../../../src/codec/index.ts";
import { fromHex, MALFORMED, type Malformed, toHex, VECTORS, type Vector } from "../../vectors/codec/index.ts";

/** Every receiver of a vector: the other side, with each version that it speaks. */
function receiversOf({
	from,
	versions,
	packet,
}: Vector): { role: Role; version: ProtocolVersion; make: () => Decoder }[] {
	const roles: readonly Role[] = from === "both" ? [CLIENT, SERVER] : [from === "client" ? SERVER : CLIENT];
	return roles.flatMap((role) =>
		versions.map((version) => ({ role, version, make: () => decoder(role, version, packet.cmd === "connect") })),
	);
}

function decoder(role: Role, version: ProtocolVersion, fresh: boolean): Decoder {
	if (fresh && role === SERVER) return new ServerDecoder({ maxPacket: 1_024 });
	const made = new Decoder({ role, maxPacket: 1_024 });
	made.version = version;
	return made;
}

describe("a packet of the specification", () => {
	test.each(VECTORS)("$packet.cmd, $name: is decoded", (vector) => {
		for (const { make, version } of receiversOf(vector)) {
			const received = make();
			received.push(fromHex(vector.hex));
			expect(received.next()).toEqual(vector.packet);
			expect(received.next()).toBeUndefined();
			expect(received.pending).toBe(0);
			if (vector.packet.cmd === "connect") expect(received.version).toBe(version);
		}
	});

	test.each(VECTORS)("$packet.cmd, $name: is decoded byte by byte", (vector) => {
		for (const { make } of receiversOf(vector)) {
			const received = make();
			const packets = [];
			for (const [index, byte] of fromHex(vector.hex).entries()) {
				expect(received.pending).toBe(index);
				received.push(new Uint8Array([byte]));
				for (let packet = received.next(); packet !== undefined; packet = received.next()) packets.push(packet);
			}
			expect(packets).toEqual([vector.packet]);
			expect(received.pending).toBe(0);
		}
	});

	test.each(VECTORS.filter(({ unencodable }) => !unencodable))("$packet.cmd, $name: is encoded", (vector) => {
		const { packet, hex, decodesOnly } = vector;
		for (const { make, version } of receiversOf(vector)) {
			const bytes = encode(packet, version);
			if (decodesOnly === undefined) expect(toHex(bytes)).toBe(hex);
			else expect(toHex(bytes)).not.toBe(hex);
			const again = make();
			again.push(bytes);
			// DUP at QoS 0 means nothing in 3.1, and is not written.
			expect(again.next()).toEqual("dup" in packet && packet.qos === 0 ? { ...packet, dup: false } : packet);
		}
	});

	test.each(VECTORS.filter(({ unencodable }) => unencodable))("$packet.cmd, $name: is not encoded", (vector) => {
		for (const version of vector.versions) expect(() => encode(vector.packet, version)).toThrow(UsageError);
	});

	test.each(VECTORS)("$packet.cmd, $name: is refused by the side that sends it", (vector) => {
		if (vector.from === "both") return;
		for (const version of vector.versions) {
			const sender = decoder(vector.from === "client" ? CLIENT : SERVER, version, false);
			sender.push(fromHex(vector.hex));
			expect(refusal(sender)).toMatchObject({ reasonCode: expect.any(Number) });
		}
	});
});

function receiverOf({ to, version }: Malformed): Decoder {
	return decoder(to === "client" ? CLIENT : SERVER, version, to === "fresh server");
}

describe("malformed bytes", () => {
	test("are at least sixty cases, each with its section", () => {
		expect(MALFORMED.length).toBeGreaterThanOrEqual(60);
		for (const { spec } of MALFORMED) expect(spec).toMatch(/^\[MQTT-|^MQTT /);
	});

	test.each(MALFORMED)("$version, to a $to, $name: are refused by $spec", (malformed) => {
		const received = receiverOf(malformed);
		received.push(fromHex(malformed.hex));
		const error = refusal(received);
		expect(error).toMatchObject({ reasonCode: malformed.reasonCode });
		received.push(fromHex("c000"));
		expect(refusal(received)).toBe(error);
	});

	test.each(MALFORMED)("$version, to a $to, $name: are refused byte by byte", (malformed) => {
		const received = receiverOf(malformed);
		expect(firstRefusal(received, fromHex(malformed.hex))).toMatchObject({ reasonCode: malformed.reasonCode });
	});
});

function refusal(received: Decoder): unknown {
	try {
		received.next();
	} catch (error) {
		expect(error).toBeInstanceOf(ProtocolError);
		return error;
	}
	return undefined;
}

function firstRefusal(received: Decoder, bytes: Uint8Array): unknown {
	for (const byte of bytes) {
		received.push(new Uint8Array([byte]));
		const error = refusal(received);
		if (error !== undefined) return error;
	}
	return undefined;
}
