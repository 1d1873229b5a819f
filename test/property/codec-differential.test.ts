import { expect, test } from "@jest/globals";
import fc from "fast-check";
import { Decoder, encode } from "../../src/codec/index.ts";
import { anyCase, type Case, received } from "./codec-arbitraries.ts";
import { canonical } from "./codec-canonical.ts";
import { generatedByMqttPacket, parsedByMqttPacket } from "./codec-mqtt-packet.ts";

const PACKETS = 10_000;
/** Milliseconds, for a slow machine. */
const TIMEOUT = 120_000;

function decoded({ role, version, packet }: Case, bytes: Uint8Array): unknown {
	const decoder = new Decoder({ role, maxPacket: 100_000 });
	if (packet.cmd !== "connect") decoder.version = version;
	decoder.push(bytes);
	return decoder.next();
}

function compare(actual: unknown, expected: unknown): void {
	const [left, right] = [canonical(actual), canonical(expected)];
	if (left !== right) throw new Error(`${left}\ninstead of\n${right}`);
}

/** What we make of a packet, mqtt-packet must read as that packet, and the other way round. */
test(
	`our codec and mqtt-packet agree on ${PACKETS} packets, in both directions`,
	() => {
		let compared = 0;
		fc.assert(
			fc.property(anyCase, (given) => {
				const { packet, version } = given;
				const expected = received(given);
				compare(parsedByMqttPacket(encode(packet, version), version), expected);
				compare(decoded(given, generatedByMqttPacket(packet, version)), expected);
				compared++;
			}),
			{ numRuns: PACKETS },
		);
		expect(compared).toBe(PACKETS);
	},
	TIMEOUT,
);
