import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import {
	CLIENT,
	Decoder,
	encode,
	ProtocolError,
	type ProtocolVersion,
	type Role,
	SERVER,
	ServerDecoder,
} from "../../src/codec/index.ts";
import { concat } from "../support/concat.ts";
import { fromHex, MALFORMED, VECTORS } from "../vectors/codec/index.ts";
import { anyCase } from "./codec-arbitraries.ts";

const MAX_PACKET = 600;
const STREAM_ABOVE = 40;
const MAX_HELD = 300;
/** Milliseconds, for a slow machine. */
const TIMEOUT = 120_000;

const options = fc.record({
	role: fc.constantFrom(CLIENT, SERVER),
	version: fc.option(fc.constantFrom<ProtocolVersion>(3, 4, 5)),
	streams: fc.boolean(),
	step: fc.integer({ min: 1, max: 64 }),
});

interface Setting {
	readonly role: Role;
	readonly version: ProtocolVersion | null;
	readonly streams: boolean;
	readonly step: number;
}

/** Decodes whatever it is. Anything thrown but a ProtocolError with a reason code gets through, and so fails the test. */
function survive(bytes: Uint8Array, { role, version, streams, step }: Setting): void {
	const limits = streams ? { streamAbove: STREAM_ABOVE, maxHeld: MAX_HELD } : {};
	const shared = { maxPacket: MAX_PACKET, maxUserProperties: 3, ...limits };
	const isFresh = role === SERVER && version === null;
	const decoder = isFresh ? new ServerDecoder(shared) : new Decoder({ role, ...shared });
	if (version !== null) decoder.version = version;
	try {
		for (let at = 0; at < bytes.length; at += step) {
			decoder.push(bytes.slice(at, at + step));
			while (decoder.next() !== undefined) if (decoder.held > MAX_PACKET) throw new Error("holds more than a packet");
			if (decoder.held > (streams ? MAX_HELD : MAX_PACKET)) throw new Error(`holds ${decoder.held} bytes`);
		}
	} catch (error) {
		if (!(error instanceof ProtocolError)) throw error;
		expect(error.reasonCode).toBeGreaterThanOrEqual(0x80);
		expect(decoder.held).toBe(0);
	}
}

/** Bytes that look like packets for longer than random ones do: a real one, with some bytes changed, lost or added. */
const SEEDS = [...VECTORS, ...MALFORMED].map(({ hex }) => fromHex(hex));
const change = fc.record({
	at: fc.nat(200),
	kind: fc.constantFrom<"set" | "delete" | "insert">("set", "set", "delete", "insert"),
	byte: fc.oneof(fc.constantFrom(0, 1, 2, 4, 0x20, 0x26, 0x7f, 0x80, 0xff), fc.integer({ min: 0, max: 255 })),
});
type Change = typeof change extends fc.Arbitrary<infer T> ? T : never;

function changed(bytes: Uint8Array, changes: readonly Change[]): Uint8Array {
	const result = Array.from(bytes);
	for (const { at, kind, byte } of changes) {
		const place = at % (result.length + 1);
		if (kind === "set") result[Math.min(place, result.length - 1)] = byte;
		else if (kind === "insert") result.splice(place, 0, byte);
		else result.splice(place, 1);
	}
	return Uint8Array.from(result);
}

describe("the decoder throws nothing but ProtocolError, and holds no more than its limit", () => {
	test(
		"on random bytes",
		() => {
			fc.assert(fc.property(fc.uint8Array({ maxLength: 200 }), options, survive), { numRuns: 1_500 });
		},
		TIMEOUT,
	);

	test(
		"on packets that were damaged",
		() => {
			const damaged = fc.tuple(fc.constantFrom(...SEEDS), fc.array(change, { minLength: 1, maxLength: 4 }));
			fc.assert(
				fc.property(damaged, options, ([seed, changes], setting) => survive(changed(seed, changes), setting)),
				{ numRuns: 3_000 },
			);
		},
		TIMEOUT,
	);

	test(
		"on packets of any length and side, one after the other",
		() => {
			const stream = fc.array(anyCase, { maxLength: 4 }).map((cases) => {
				return concat(cases.map(({ packet, version }) => encode(packet, version).subarray(0, 2_000)));
			});
			fc.assert(
				fc.property(stream, options, (bytes, setting) => survive(bytes, setting)),
				{ numRuns: 500 },
			);
		},
		TIMEOUT,
	);
});
