import type { AckCommand } from "../codec/index.ts";
import { OUTGOING, type OutgoingStep } from "./transitions.ts";

/** An outgoing QoS 1 or 2 message that the peer has not acknowledged to the end. */
export interface InflightRecord<M> {
	readonly packetId: number;
	readonly qos: 1 | 2;
	/** What is sent: the caller's own representation. */
	readonly message: M;
	step: OutgoingStep;
}

/**
 * What an acknowledgement did.
 * `released`: answer with PUBREL. `done`: the message is delivered, or refused if the reason code is 0x80 or above.
 * `unknown`: no such packet id in flight. `unexpected`: not an answer to what was sent.
 */
export type AckOutcome<M> =
	| { readonly kind: "released" | "done"; readonly record: InflightRecord<M> }
	| { readonly kind: "unknown" | "unexpected" };

const UNKNOWN = { kind: "unknown" } as const;
const UNEXPECTED = { kind: "unexpected" } as const;

/** Outgoing QoS 1 and 2 messages in flight, in the order in which they must be sent again after a reconnect. */
export class Inflight<M> {
	readonly #records = new Map<number, InflightRecord<M>>();

	get size(): number {
		return this.#records.size;
	}

	get(packetId: number): InflightRecord<M> | undefined {
		return this.#records.get(packetId);
	}

	/** Adds a message whose PUBLISH is being sent, or one of a resumed session at the step it had reached. */
	add(packetId: number, qos: 1 | 2, message: M, step: OutgoingStep = "publishSent"): InflightRecord<M> {
		const record: InflightRecord<M> = { packetId, qos, message, step };
		this.#records.set(packetId, record);
		return record;
	}

	/** Forgets a message, for instance because it expired before it was sent again. */
	delete(packetId: number): boolean {
		return this.#records.delete(packetId);
	}

	/** Moves the message on; a message that is done leaves the table. Reason codes of 0x80 and above end it. */
	acknowledge(cmd: AckCommand, packetId: number, reasonCode: number): AckOutcome<M> {
		const record = this.#records.get(packetId);
		if (record === undefined) return UNKNOWN;
		const next = OUTGOING[record.qos][record.step][cmd];
		if (next === undefined) return UNEXPECTED;
		this.#records.delete(packetId);
		if (next === "done" || reasonCode >= 0x80) return { kind: "done", record };
		record.step = next;
		this.#records.set(packetId, record); // at the end: PUBRELs go out in the order of the PUBRECs [MQTT-4.6.0-4]
		return { kind: "released", record };
	}

	/** Every record, in sending order. */
	values(): IterableIterator<InflightRecord<M>> {
		return this.#records.values();
	}
}
