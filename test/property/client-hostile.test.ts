import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { encode, type Packet } from "../../src/codec/index.ts";
import { Harness } from "../support/client-harness.ts";
import { concat } from "../support/concat.ts";

const id = fc.integer({ min: 1, max: 20 });
const code = fc.constantFrom(0, 0x10, 0x80, 0x87, 0x92);
const properties = undefined;

/** Packets that a broker may send, in any order and whether or not they make sense. */
const packet: fc.Arbitrary<Packet> = fc.oneof(
	fc.record({
		cmd: fc.constant("publish" as const),
		topic: fc.constantFrom("a", "a/b", "$SYS/x"),
		payload: fc.uint8Array({ maxLength: 300 }),
		qos: fc.constantFrom<0 | 1 | 2>(1, 2),
		retain: fc.boolean(),
		dup: fc.boolean(),
		messageId: id,
		properties: fc.constant(properties),
	}),
	fc.record({
		cmd: fc.constantFrom("puback", "pubrec", "pubrel", "pubcomp"),
		messageId: id,
		reasonCode: fc.constant(0),
	}) as fc.Arbitrary<Packet>,
	fc.record({
		cmd: fc.constant("suback" as const),
		messageId: id,
		granted: fc.array(fc.constantFrom(0, 1, 0x80), { minLength: 1, maxLength: 3 }),
	}),
	fc.record({ cmd: fc.constant("unsuback" as const), messageId: id, granted: fc.constant([]) }),
	fc.constant<Packet>({ cmd: "pingresp" }),
	fc.record({ cmd: fc.constant("connack" as const), sessionPresent: fc.boolean(), reasonCode: fc.constant(0) }),
);

/** A client that has something of everything under way. */
function busy(): Harness {
	const h = new Harness({ clean: false, limits: { streamAbove: 100, packetsPerTurn: 5 } }, { random: 0 });
	h.accept();
	for (const qos of [0, 1, 2] as const) h.client.publish("t", "x", { qos });
	h.client.subscribe("a", () => undefined);
	const stream = { begin: () => undefined, chunk: () => undefined, end: () => undefined };
	h.client.subscribe("a/#", () => undefined, { qos: 2, stream }).unsubscribe();
	return h;
}

/** The client is in one piece: it is online or on its way, and says why it left. */
function expectSound(h: Harness): void {
	h.advance(1_000);
	const unforeseen = h.lines.filter(({ message }) => message.includes("Unforeseen"));
	expect(unforeseen).toEqual([]);
	for (const { message } of h.reasons) expect(message).toMatch(/^The broker /);
	if (h.client.state.kind === "online") return;
	if (h.client.state.kind === "offline") h.retry();
	h.accept({ sessionPresent: true });
	expect(h.client.state.kind).toBe("online");
}

describe("whatever a broker sends, the client survives, and comes back", () => {
	test("packets out of place", () => {
		fc.assert(
			fc.property(fc.array(packet, { maxLength: 30 }), (packets) => {
				const h = busy();
				for (const each of packets) if (!h.peer.isClosed) h.peer.send(each);
				expectSound(h);
			}),
			{ numRuns: 100 },
		);
	});

	test("packets with a byte changed, in any cuts", () => {
		fc.assert(
			fc.property(
				fc.array(packet, { minLength: 1, maxLength: 5 }),
				fc.nat(),
				fc.nat(255),
				fc.nat(40),
				(packets, at, to, cut) => {
					const h = busy();
					const bytes = concat(packets.map((each) => encode(each, 4)));
					bytes[at % bytes.length] = to;
					for (let from = 0; from < bytes.length && !h.peer.isClosed; from += cut + 1) {
						h.peer.sendBytes(bytes.slice(from, from + cut + 1));
					}
					expectSound(h);
				},
			),
			{ numRuns: 100 },
		);
	});

	test("nothing but noise, also instead of CONNACK", () => {
		fc.assert(
			fc.property(fc.uint8Array({ minLength: 1, maxLength: 60 }), fc.boolean(), (bytes, isOnline) => {
				const h = isOnline ? busy() : new Harness({ clean: false }, { random: 0 });
				if (!isOnline) {
					h.client.start();
					h.connect();
				}
				h.peer.sendBytes(bytes);
				h.advance(90_000);
				expect(h.lines.filter(({ message }) => message.includes("Unforeseen"))).toEqual([]);
			}),
			{ numRuns: 200 },
		);
	});
});

test("acknowledgements with any reason code settle what they are for, once", () => {
	fc.assert(
		fc.property(fc.array(fc.tuple(fc.constantFrom("puback", "pubrec", "pubcomp"), code), { maxLength: 10 }), (acks) => {
			const h = new Harness({ protocol: "5" });
			const peer = h.accept();
			let calls = 0;
			h.client.publish("t", "x", { qos: 2 }, () => calls++);
			const messageId = peer.takeOne("publish").messageId as number;
			for (const [cmd, reasonCode] of acks) {
				const allowed = cmd === "pubcomp" ? reasonCode === 0 || reasonCode === 0x92 : reasonCode !== 0x92;
				if (!peer.isClosed && allowed) peer.send({ cmd: cmd as "puback", messageId, reasonCode });
			}
			expect(calls).toBeLessThanOrEqual(1);
			expect(h.client.pending).toBe(1 - calls);
		}),
		{ numRuns: 100 },
	);
});
