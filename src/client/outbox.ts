import type { PublishProperties, QoS } from "../codec/index.ts";
import type { Millis, Seconds } from "../ports/index.ts";
import { Fifo } from "../session/index.ts";
import type { ClientLimits } from "./limits.ts";
import type { PublishDone } from "./message.ts";
import type { Payload } from "./payload.ts";

/** Bytes counted for each message besides its topic and payload. */
export const MESSAGE_OVERHEAD = 64;

/** A message to be published. */
export interface OutboxMessage {
	/** Grows from message to message. */
	readonly sequence: number;
	/** What it counts in the outbox, in bytes: see `sizeOf`. */
	readonly size: number;
	readonly topic: string;
	readonly payload: Payload;
	readonly qos: QoS;
	readonly retain: boolean;
	readonly properties: PublishProperties | undefined;
	/** When it is given up unless it was sent. */
	readonly expiresAt: Millis | undefined;
	/** Undefined also once it was called. */
	done: PublishDone | undefined;
	/** Taken when the message was accepted, so that it is the same after a restart; undefined at QoS 0. */
	readonly packetId: number | undefined;
	/** Whether it was sent on this connection and counts against the broker's Receive Maximum. */
	counted: boolean;
	/** Whether it has a record in the Store. */
	saved: boolean;
}

/**
 * Messages that wait to be sent, in order, bounded in number and bytes. Those in flight count until they are released.
 * When it is full, the oldest messages of QoS 0 make room; a message of QoS 1 or 2 that still does not fit is refused.
 */
export class Outbox {
	readonly #limits: ClientLimits;
	/** QoS 0. */
	readonly #lossy = new Fifo<OutboxMessage>();
	/** QoS 1 and 2. */
	readonly #lasting = new Fifo<OutboxMessage>();
	#messages = 0;
	#bytes = 0;
	#nextExpiry: Millis | undefined;

	constructor(limits: ClientLimits) {
		this.#limits = limits;
	}

	/** Messages held, those in flight included. */
	get size(): number {
		return this.#messages;
	}

	/** Bytes held, `MESSAGE_OVERHEAD` included. */
	get bytes(): number {
		return this.#bytes;
	}

	/** Messages of QoS 0 that wait to be sent. */
	get waitingLossy(): number {
		return this.#lossy.size;
	}

	/** When to call `expire`; undefined: nothing expires. May be early. */
	get nextExpiry(): Millis | undefined {
		return this.#nextExpiry;
	}

	/** Accepts a message. Returns those that had to go for it: the message itself, when there is no room. */
	add(message: OutboxMessage): readonly OutboxMessage[] {
		if (this.fits(message)) {
			this.accept(message);
			return NONE;
		}
		const count = this.inTheWay(message);
		if (count === undefined) return [message];
		const dropped: OutboxMessage[] = [];
		while (dropped.length < count) dropped.push(this.#lossy.shift() as OutboxMessage);
		dropped.forEach((old) => {
			this.release(old);
		});
		this.accept(message);
		return dropped;
	}

	/** Counts a message that is in flight from the start, whatever the bounds are now. */
	hold(message: OutboxMessage): void {
		this.#messages++;
		this.#bytes += message.size;
	}

	/** Takes the oldest message; only of QoS 0 when `lossyOnly`. */
	take(lossyOnly: boolean): OutboxMessage | undefined {
		const lossy = this.#lossy.first;
		const lasting = lossyOnly ? undefined : this.#lasting.first;
		if (lasting === undefined) return this.#lossy.shift();
		if (lossy !== undefined && lossy.sequence < lasting.sequence) return this.#lossy.shift();
		return this.#lasting.shift();
	}

	/** Puts messages that were in flight before all others. They are counted already. */
	requeue(messages: readonly OutboxMessage[]): void {
		this.#lasting.unshift(messages);
		messages.forEach((message) => {
			this.noteExpiry(message);
		});
	}

	/** A message that was taken is settled. */
	release(message: OutboxMessage): void {
		this.#messages--;
		this.#bytes -= message.size;
	}

	/** Removes and releases the waiting messages that have expired. */
	expire(now: Millis): readonly OutboxMessage[] {
		if (this.#nextExpiry === undefined || now < this.#nextExpiry) return NONE;
		const gone = extractExpired(this.#lossy, now).concat(extractExpired(this.#lasting, now));
		this.#nextExpiry = undefined;
		const noteExpiry = (message: OutboxMessage) => this.noteExpiry(message);
		this.#lossy.values().forEach(noteExpiry);
		this.#lasting.values().forEach(noteExpiry);
		gone.forEach((message) => {
			this.release(message);
		});
		return gone;
	}

	/** Removes and releases everything that waits and is not saved. */
	clearUnsaved(): readonly OutboxMessage[] {
		const gone = this.#lossy.extract(isUnsaved).concat(this.#lasting.extract(isUnsaved));
		gone.forEach((message) => {
			this.release(message);
		});
		return gone;
	}

	/** The messages of QoS 1 and 2 that wait, in order. */
	lasting(): readonly OutboxMessage[] {
		return this.#lasting.values();
	}

	private accept(message: OutboxMessage): void {
		this.hold(message);
		(message.qos === 0 ? this.#lossy : this.#lasting).push(message);
		this.noteExpiry(message);
	}

	private noteExpiry(message: OutboxMessage): void {
		const at = message.expiresAt;
		if (at !== undefined) this.#nextExpiry = Math.min(at, this.#nextExpiry ?? at);
	}

	/** How many of the oldest messages of QoS 0 must go for this one; undefined: all of them would not do. */
	private inTheWay(message: OutboxMessage): number | undefined {
		let bytes = 0;
		const last = this.#lossy.values().findIndex((old, index) => {
			bytes += old.size;
			return this.fits(message, index + 1, bytes);
		});
		return last < 0 ? undefined : last + 1;
	}

	private fits(message: OutboxMessage, fewerMessages = 0, fewerBytes = 0): boolean {
		const { outboxMessages, outboxBytes } = this.#limits;
		return this.#messages - fewerMessages < outboxMessages && this.#bytes - fewerBytes + message.size <= outboxBytes;
	}
}

const NONE: readonly OutboxMessage[] = [];

/** What is left of the time for which a message may be sent, in seconds; undefined: it has no end. */
export function expiryOf({ expiresAt }: OutboxMessage, now: Millis): Seconds | undefined {
	return expiresAt === undefined ? undefined : Math.ceil((expiresAt - now) / 1_000);
}

/** What a message counts in the outbox, in bytes. */
export function sizeOf(topic: string, payload: Payload): number {
	return topic.length + (payload instanceof Uint8Array ? payload.length : 0) + MESSAGE_OVERHEAD;
}

function isUnsaved(message: OutboxMessage): boolean {
	return !message.saved;
}

function extractExpired(queue: Fifo<OutboxMessage>, now: Millis): OutboxMessage[] {
	return queue.extract((message) => message.expiresAt !== undefined && message.expiresAt <= now);
}
