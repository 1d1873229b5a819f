import type { AckCommand, QoS } from "../codec/index.ts";
import { OUTGOING, type OutgoingStep } from "./transitions.ts";

/** An outgoing message that the peer has not acknowledged to the end, in the caller's own representation. */
export interface Flight {
	readonly qos: QoS;
	step: OutgoingStep;
}

/**
 * What an acknowledgement did.
 * `released`: answer with PUBREL. `done`: the message is delivered, or refused if the reason code is 0x80 or above.
 * `unknown`: no such packet id in flight. `unexpected`: not an answer to what was sent.
 */
export type AckOutcome<F> =
	| { readonly kind: "released" | "done"; readonly record: F }
	| { readonly kind: "unknown" | "unexpected" };

const UNKNOWN = { kind: "unknown" } as const;
const UNEXPECTED = { kind: "unexpected" } as const;

/**
 * Outgoing QoS 1 and 2 messages in flight by packet id, in the order in which they must be sent again after a reconnect. To
 * be added when their PUBLISH is being sent, or with a resumed session at the step that they had reached.
 */
export class Inflight<F extends Flight> extends Map<number, F> {
	/** Moves the message on; a message that is done leaves the table. Reason codes of 0x80 and above end it. */
	acknowledge(cmd: AckCommand, packetId: number, reasonCode: number): AckOutcome<F> {
		const record = this.get(packetId);
		if (record === undefined) return UNKNOWN;
		const next = OUTGOING[record.qos][record.step][cmd];
		if (next === undefined) return UNEXPECTED;
		this.delete(packetId);
		if (next === "done" || reasonCode >= 0x80) return { kind: "done", record };
		record.step = next;
		this.set(packetId, record); // at the end: PUBRELs go out in the order of the PUBRECs [MQTT-4.6.0-4]
		return { kind: "released", record };
	}
}
