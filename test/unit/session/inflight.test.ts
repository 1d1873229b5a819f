import { describe, expect, test } from "@jest/globals";
import type { AckCommand } from "../../../src/codec/index.ts";
import { type Flight, Inflight, OUTGOING, type OutgoingStep } from "../../../src/session/index.ts";

/** What each acknowledgement does to a message: MQTT 5 sections 4.3.2 and 4.3.3, as a table. */
const TABLE: readonly (readonly [1 | 2, OutgoingStep, AckCommand, string])[] = [
	[1, "publishSent", "puback", "done"],
	[1, "publishSent", "pubrec", "unexpected"],
	[1, "publishSent", "pubcomp", "unexpected"],
	[1, "publishSent", "pubrel", "unexpected"],
	[2, "publishSent", "puback", "unexpected"],
	[2, "publishSent", "pubrec", "released"],
	[2, "publishSent", "pubcomp", "unexpected"],
	[2, "publishSent", "pubrel", "unexpected"],
	[2, "relSent", "puback", "unexpected"],
	[2, "relSent", "pubrec", "released"],
	[2, "relSent", "pubcomp", "done"],
	[2, "relSent", "pubrel", "unexpected"],
];

describe("Inflight", () => {
	test.each(TABLE)("at QoS %i and %s, %s is %s", (qos, step, cmd, outcome) => {
		const inflight = new Inflight<Flight>();
		inflight.set(7, { qos, step });
		expect(inflight.acknowledge(cmd, 7, 0).kind).toBe(outcome);
		expect(inflight.get(7)?.step).toBe(outcome === "done" ? undefined : outcome === "released" ? "relSent" : step);
		expect(inflight.size).toBe(outcome === "done" ? 0 : 1);
	});

	test.each([
		[1, "publishSent", "puback"],
		[2, "publishSent", "pubrec"],
		[2, "relSent", "pubcomp"],
	] as const)("at QoS %i and %s, a refusing %s ends the message", (qos, step, cmd) => {
		const inflight = new Inflight<Flight>();
		inflight.set(7, { qos, step });
		expect(inflight.acknowledge(cmd, 7, 0x87)).toMatchObject({ kind: "done", record: { qos, step } });
		expect(inflight.size).toBe(0);
	});

	test("does not know what it was not given", () => {
		expect(new Inflight().acknowledge("puback", 1, 0)).toEqual({ kind: "unknown" });
	});

	test("sends again in the order of sending, PUBRELs in the order of PUBRECs", () => {
		const inflight = new Inflight<Flight>();
		for (const packetId of [1, 2, 3, 4]) inflight.set(packetId, { qos: 2, step: "publishSent" });
		inflight.acknowledge("pubrec", 3, 0);
		inflight.acknowledge("pubrec", 1, 0);
		expect([...inflight].map(([packetId, { step }]) => [packetId, step])).toEqual([
			[2, "publishSent"],
			[4, "publishSent"],
			[3, "relSent"],
			[1, "relSent"],
		]);
	});

	test("takes no acknowledgement of what was sent with QoS 0, nor leaves a QoS 1 message at PUBREL", () => {
		expect([OUTGOING[0].publishSent, OUTGOING[0].relSent, OUTGOING[1].relSent]).toEqual([{}, {}, {}]);
	});
});
