import type { PublishHeader, QoS } from "../codec/index.ts";
import type { Millis } from "../ports/index.ts";
import type { OutgoingStep } from "../session/index.ts";
import { EMPTY } from "./empty.ts";
import { ClientError, type ClientErrorCode } from "./errors.ts";
import type { ClientLimits } from "./limits.ts";
import type { PublishDone } from "./message.ts";
import type { Payload } from "./payload.ts";

/** Bytes counted for each message besides its topic and payload. */
export const MESSAGE_OVERHEAD = 64;

/**
 * A message to be published: what its packet says, and how far it is. Its `messageId` is taken when it is accepted, so that
 * it is the same after a restart; undefined at QoS 0.
 */
export interface OutboxMessage extends PublishHeader {
	/** Grows from message to message. */
	readonly sequence: number;
	/** What it counts in the outbox, in bytes: see `sizeOf`. */
	readonly size: number;
	readonly payload: Payload;
	/** Lowered to what the broker takes when it is sent. */
	qos: QoS;
	/** Likewise. */
	retain: boolean;
	dup: boolean;
	/** When it is given up unless it was sent. */
	readonly expiresAt: Millis | undefined;
	/** Undefined also once it was called. */
	done: PublishDone | undefined;
	/** Where it stands once it was sent. */
	step: OutgoingStep;
	/** Its record in the Store. `due`: to be written when it is not acknowledged soon. */
	record: "none" | "due" | "written";
}

/**
 * Messages that wait to be sent, in order, bounded in number and bytes. Each counts until it is released. When it is full,
 * the oldest messages of QoS 0 make room; a message of QoS 1 or 2 that still does not fit is refused.
 */
export class Outbox {
	readonly #limits: ClientLimits;
	/** QoS 0. */
	#lossy: OutboxMessage[] = [];
	/** QoS 1 and 2. */
	#lasting: OutboxMessage[] = [];
	/** Messages held, those in flight included. */
	size = 0;
	#bytes = 0;

	constructor(limits: ClientLimits) {
		this.#limits = limits;
	}

	/** Messages of QoS 0 that wait to be sent. */
	get waitingLossy(): number {
		return this.#lossy.length;
	}

	/** All messages that wait to be sent: those of QoS 0, then the others. */
	get waiting(): readonly OutboxMessage[] {
		return this.#lossy.concat(this.#lasting);
	}

	/** Takes the oldest messages of QoS 0 that have to go for a message of this size. Undefined: it would not fit even so. */
	makeRoom(size: number): readonly OutboxMessage[] | undefined {
		const limits = this.#limits;
		let count = 0;
		let bytes = this.#bytes + size;
		while (this.size - count >= limits.outboxMessages || bytes > limits.outboxBytes) {
			const old = this.#lossy[count++];
			if (old === undefined) return undefined;
			bytes -= old.size;
		}
		return count === 0 ? EMPTY : this.#lossy.splice(0, count);
	}

	/** Adds a message for which there is room. */
	add(message: OutboxMessage): void {
		this.hold(message);
		(message.qos === 0 ? this.#lossy : this.#lasting).push(message);
	}

	/** Counts a message that is in flight from the start, whatever the bounds are now. */
	hold(message: OutboxMessage): void {
		this.size++;
		this.#bytes += message.size;
	}

	/** Takes the oldest message; only of QoS 0 when `lossyOnly`. */
	take(lossyOnly: boolean): OutboxMessage | undefined {
		const lossy = this.#lossy[0];
		const lasting = lossyOnly ? undefined : this.#lasting[0];
		const isLossyFirst = lasting === undefined || (lossy !== undefined && lossy.sequence < lasting.sequence);
		return (isLossyFirst ? this.#lossy : this.#lasting).shift();
	}

	/** Takes every message for which `test` is true. */
	extract(test: (message: OutboxMessage) => boolean): readonly OutboxMessage[] {
		const isKept = (message: OutboxMessage) => !test(message);
		const taken = this.waiting.filter(test);
		this.#lossy = this.#lossy.filter(isKept);
		this.#lasting = this.#lasting.filter(isKept);
		return taken;
	}

	/** Puts messages of QoS 1 and 2 that were in flight before all others. */
	requeue(messages: OutboxMessage[]): void {
		this.#lasting = messages.concat(this.#lasting);
	}

	/** A message that was taken is settled. */
	release(message: OutboxMessage): void {
		this.size--;
		this.#bytes -= message.size;
	}
}

/** Whether the time of a message is over. */
export function hasExpired(message: OutboxMessage, now: Millis): boolean {
	const expiresAt = message.expiresAt;
	return expiresAt !== undefined && expiresAt <= now;
}

/** What a message counts in the outbox, in bytes. */
export function sizeOf(topic: string, payload: Payload): number {
	return topic.length + (payload instanceof Uint8Array ? payload.length : 0) + MESSAGE_OVERHEAD;
}

/** Why a message came to nothing. `what`: goes on after its topic. */
export function failure(message: OutboxMessage, code: ClientErrorCode, what: string, reasonCode?: number): ClientError {
	return new ClientError(code, `"${message.topic}" ${what}.`, reasonCode);
}
