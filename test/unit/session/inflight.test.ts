import { describe, expect, test } from "@jest/globals";
import type { AckCommand } from "../../../src/codec/index.ts";
import { Inflight, OUTGOING, type OutgoingStep } from "../../../src/session/index.ts";

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
		const inflight = new Inflight<string>();
		inflight.add(7, qos, "m", step);
		expect(inflight.acknowledge(cmd, 7, 0).kind).toBe(outcome);
		expect(inflight.get(7)?.step).toBe(outcome === "done" ? undefined : outcome === "released" ? "relSent" : step);
		expect(inflight.size).toBe(outcome === "done" ? 0 : 1);
	});

	test.each([
		[1, "publishSent", "puback"],
		[2, "publishSent", "pubrec"],
		[2, "relSent", "pubcomp"],
	] as const)("at QoS %i and %s, a refusing %s ends the message", (qos, step, cmd) => {
		const inflight = new Inflight<string>();
		inflight.add(7, qos, "m", step);
		expect(inflight.acknowledge(cmd, 7, 0x87)).toMatchObject({ kind: "done", record: { message: "m" } });
		expect(inflight.size).toBe(0);
	});

	test("does not know what it was not given", () => {
		expect(new Inflight().acknowledge("puback", 1, 0)).toEqual({ kind: "unknown" });
	});

	test("sends again in the order of sending, PUBRELs in the order of PUBRECs", () => {
		const inflight = new Inflight<string>();
		for (const packetId of [1, 2, 3, 4]) inflight.add(packetId, 2, "m");
		inflight.acknowledge("pubrec", 3, 0);
		inflight.acknowledge("pubrec", 1, 0);
		expect([...inflight.values()].map(({ packetId, step }) => [packetId, step])).toEqual([
			[2, "publishSent"],
			[4, "publishSent"],
			[3, "relSent"],
			[1, "relSent"],
		]);
	});

	test("forgets what is deleted", () => {
		const inflight = new Inflight<string>();
		inflight.add(7, 1, "m");
		expect([inflight.delete(7), inflight.delete(7), inflight.size]).toEqual([true, false, 0]);
	});

	test("never leaves a QoS 1 message at PUBREL", () => {
		expect(OUTGOING[1].relSent).toEqual({});
	});
});
