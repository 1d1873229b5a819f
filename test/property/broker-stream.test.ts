import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { type DecodedPacket, encode, type Packet, type ProtocolVersion } from "../../src/codec/index.ts";
import { BrokerHarness } from "../support/broker-harness.ts";
import { concat } from "../support/concat.ts";

const version = fc.constantFrom<ProtocolVersion>(3, 4, 5);
const messageId = fc.integer({ min: 1, max: 5 });
const topic = fc.constantFrom("a", "a/b", "b", "$SYS/x");

/** What a client may say once it is connected, in order or not. */
const packet: fc.Arbitrary<Packet> = fc.oneof(
	fc.record({
		cmd: fc.constant("publish"),
		topic,
		payload: fc.uint8Array({ maxLength: 40 }),
		qos: fc.constantFrom(1, 2),
		retain: fc.boolean(),
		dup: fc.boolean(),
		messageId,
		properties: fc.constant(undefined),
	} as const),
	fc.record({
		cmd: fc.constant("publish"),
		topic,
		payload: fc.uint8Array({ maxLength: 2_000 }),
		qos: fc.constant(0),
		retain: fc.boolean(),
		dup: fc.constant(false),
		messageId: fc.constant(undefined),
		properties: fc.constant(undefined),
	} as const),
	fc.record({
		cmd: fc.constant("subscribe"),
		messageId,
		subscriptions: fc.array(
			fc.record({ topic: fc.constantFrom("#", "a/+", "+", "$share/g/a"), qos: fc.constantFrom(0, 1, 2) } as const),
			{ minLength: 1, maxLength: 3 },
		),
	} as const),
	fc.record({ cmd: fc.constant("unsubscribe"), messageId, unsubscriptions: fc.constant(["#"]) } as const),
	fc.record({
		cmd: fc.constantFrom("puback", "pubrec", "pubrel", "pubcomp"),
		messageId,
		reasonCode: fc.constant(0),
	} as const),
	fc.constant({ cmd: "pingreq" } as const),
	fc.constant({ cmd: "disconnect", reasonCode: 0 } as const),
);

/** Everything that a client gets for these bytes, sent in pieces of this size. */
function play(bytes: Uint8Array, level: ProtocolVersion, cut: number): { packets: DecodedPacket[]; isClosed: boolean } {
	const hub = new BrokerHarness();
	const client = hub.connect({ version: level, clientId: "a" });
	client.sendBytes(bytes, cut);
	return { packets: client.take(), isClosed: client.isClosed };
}

describe("what a client sends", () => {
	test("has the same effect wherever the stream is cut", () => {
		fc.assert(
			fc.property(
				fc.array(packet, { maxLength: 12 }),
				version,
				fc.integer({ min: 1, max: 30 }),
				(packets, level, cut) => {
					const bytes = concat(packets.map((each) => encode(each, level)));
					const whole = play(bytes, level, bytes.length + 1);
					const pieces = play(bytes, level, cut);
					expect(pieces.isClosed).toBe(whole.isClosed);
					if (whole.isClosed) return; // answers that wait for the store at that moment are not sent any more
					// Answers and messages of one drain go out as gathered, so that cutting may change their order among each other.
					const sorted = (list: DecodedPacket[]) => list.map((each) => JSON.stringify(each)).sort();
					expect(sorted(pieces.packets)).toEqual(sorted(whole.packets));
				},
			),
			{ numRuns: 80 },
		);
	});

	test("even damaged, reaches no defect and harms nobody else", () => {
		const damage = fc.array(fc.tuple(fc.nat(), fc.nat(255)), { maxLength: 4 });
		fc.assert(
			fc.property(
				fc.array(packet, { maxLength: 12 }),
				damage,
				version,
				fc.boolean(),
				(packets, changes, level, connects) => {
					const hub = new BrokerHarness({ limits: { maxPacket: 10_000 } });
					const bystander = hub.connect({ clientId: "bystander" });
					bystander.subscribe("still/here");
					const bytes = concat(packets.map((each) => encode(each, level)));
					for (const [at, value] of changes) if (bytes.length > 0) bytes[at % bytes.length] = value;
					const client = connects ? hub.connect({ version: level, clientId: "a" }) : hub.open(level);
					client.isDecoding = false; // what it says after damage may be of another version
					client.sendBytes(bytes, 7);
					if (!client.isClosed) client.lose();
					bystander.publish("still/here", "yes");
					expect(bystander.payloads()).toEqual(["yes"]);
					expect(hub.core.stats).toMatchObject({ connections: 1, clientsConnected: 1, sessions: 1 });
				},
			),
			{ numRuns: 150 },
		);
	});

	test("when it is noise, ends in a closed connection at the latest when its time to connect is over", () => {
		fc.assert(
			fc.property(fc.uint8Array({ maxLength: 60 }), (bytes) => {
				const hub = new BrokerHarness();
				const client = hub.open(4);
				client.isDecoding = false;
				client.sendBytes(bytes);
				hub.advance(10_000);
				expect(client.isClosed || hub.core.stats.clientsConnected === 1).toBe(true);
			}),
			{ numRuns: 150 },
		);
	});
});
