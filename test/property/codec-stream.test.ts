import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import {
	CLIENT,
	type DecodedPacket,
	Decoder,
	encode,
	type ProtocolVersion,
	type PublishBegin,
	ServerDecoder,
} from "../../src/codec/index.ts";
import { anyCase, type Case, publish, received } from "./codec-arbitraries.ts";
import { canonical } from "./codec-canonical.ts";

const MAX_PACKET = 100_000;
/** Milliseconds, for a slow machine. */
const TIMEOUT = 120_000;

/** Cut points anywhere, and often next to each other. */
const cuts = fc.array(fc.oneof(fc.integer({ min: 0, max: 40 }), fc.nat(40_000)), { maxLength: 12 });

function cut(stream: Uint8Array, points: readonly number[]): Uint8Array[] {
	const edges = [0, ...[...points].sort((a, b) => a - b).filter((point) => point < stream.length), stream.length];
	return edges.slice(1).map((end, index) => stream.slice(edges[index], end));
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
	const bytes = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
	let at = 0;
	for (const part of parts) {
		bytes.set(part, at);
		at += part.length;
	}
	return bytes;
}

/** Packets in order; the pieces of a streamed PUBLISH put together again. */
function decodeAll(decoder: Decoder, chunks: readonly Uint8Array[], streamAbove = MAX_PACKET): string[] {
	const packets: DecodedPacket[] = [];
	let begin: PublishBegin | undefined;
	let pieces: Uint8Array[] = [];
	for (const chunk of chunks) {
		decoder.push(chunk);
		for (let packet = decoder.next(); packet !== undefined; packet = decoder.next()) {
			if (packet.cmd === "publishBegin") {
				expect(packet.length).toBeGreaterThan(streamAbove);
				begin = packet;
				pieces = [];
			} else if (packet.cmd === "publishChunk") {
				pieces.push(packet.bytes);
				if (packet.end && begin !== undefined) packets.push(whole(begin, pieces));
			} else packets.push(packet);
		}
		expect(decoder.held).toBeLessThanOrEqual(MAX_PACKET);
	}
	expect(decoder.pending).toBe(0);
	return packets.map(canonical);
}

function whole({ length, ...header }: PublishBegin, pieces: readonly Uint8Array[]): DecodedPacket {
	const payload = joined(pieces);
	expect(payload.length).toBe(length);
	return { ...header, cmd: "publish", payload };
}

/** Several packets of one connection: same version, same receiver. */
const connection = fc
	.tuple(anyCase, fc.array(anyCase, { maxLength: 5 }))
	.map(([first, rest]) => [
		first,
		...rest.filter(({ version, role }) => version === first.version && role === first.role),
	]);

function receiver([first]: readonly Case[], streamAbove?: number): Decoder {
	if (first === undefined) throw new Error("no packet");
	const limits = streamAbove === undefined ? {} : { streamAbove, maxHeld: MAX_PACKET };
	if (first.packet.cmd === "connect") return new ServerDecoder({ maxPacket: MAX_PACKET, ...limits });
	const decoder = new Decoder({ role: first.role, maxPacket: MAX_PACKET, ...limits });
	decoder.version = first.version;
	return decoder;
}

describe("a stream of packets", () => {
	test(
		"is decoded to what was encoded, wherever it is cut",
		() => {
			fc.assert(
				fc.property(connection, cuts, (packets, points) => {
					const stream = joined(packets.map(({ packet, version }) => encode(packet, version)));
					const expected = packets.map((each) => canonical(received(each)));
					expect(decodeAll(receiver(packets), [stream])).toEqual(expected);
					expect(decodeAll(receiver(packets), cut(stream, points))).toEqual(expected);
				}),
				{ numRuns: 400 },
			);
		},
		TIMEOUT,
	);

	test(
		"is decoded to what was encoded when long payloads come in pieces",
		() => {
			const versions = fc.constantFrom<ProtocolVersion>(3, 4, 5);
			const limit = fc.oneof(fc.integer({ min: 0, max: 12 }), fc.integer({ min: 100, max: 17_000 }));
			fc.assert(
				fc.property(
					fc.array(publish, { minLength: 1, maxLength: 4 }),
					versions,
					cuts,
					limit,
					(sent, version, points, above) => {
						const packets = sent.map((packet): Case => ({ packet, version, role: CLIENT }));
						const stream = joined(sent.map((packet) => encode(packet, version)));
						const expected = packets.map((each) => canonical(received(each)));
						expect(decodeAll(receiver(packets, above), cut(stream, points), above)).toEqual(expected);
					},
				),
				{ numRuns: 400 },
			);
		},
		TIMEOUT,
	);

	test(
		"cut at every byte of it is the same",
		() => {
			fc.assert(
				fc.property(connection, (packets) => {
					const stream = joined(packets.map(({ packet, version }) => encode(packet, version))).slice(0, 1_000);
					for (let at = 1; at < stream.length; at += 1) {
						expect(outcome(receiver(packets), cut(stream, [at]))).toBe(outcome(receiver(packets), [stream]));
					}
				}),
				{ numRuns: 10 },
			);
		},
		TIMEOUT,
	);
});

function outcome(decoder: Decoder, chunks: readonly Uint8Array[]): string {
	const packets: string[] = [];
	for (const chunk of chunks) {
		decoder.push(chunk);
		for (let packet = decoder.next(); packet !== undefined; packet = decoder.next()) packets.push(canonical(packet));
	}
	return `${packets.join("\n")}\n${decoder.pending}`;
}
