import { type AckCommand, encodeAck } from "../codec/index.ts";
import { Inflight } from "../session/index.ts";
import type { Context } from "./context.ts";
import { EMPTY } from "./empty.ts";
import { encodeFor } from "./encode-message.ts";
import { ClientError, type ClientErrorCode } from "./errors.ts";
import { failure, hasExpired, Outbox, type OutboxMessage } from "./outbox.ts";
import { isCopied, type Payload } from "./payload.ts";
import { type Explanation, reasonText } from "./reasons.ts";
import { messageKey } from "./saved.ts";
import { saveMessage } from "./saved-messages.ts";

export type AckResult = "released" | "done" | "unknown" | "unexpected";

const EXPIRED = "expired before it could be sent";

/** Outgoing messages from the outbox to their last acknowledgement. */
export class Outgoing {
	readonly outbox: Outbox;
	protected readonly context: Context;
	protected readonly inflight = new Inflight<OutboxMessage>();
	/** Those in flight that this connection has yet to carry again. */
	#again: readonly OutboxMessage[] = EMPTY;
	/** What was said of the broker's shortcomings on this connection. */
	#lowered: readonly string[] = EMPTY;
	/** The message that is being handed to the transport. */
	#writing: OutboxMessage | undefined;

	constructor(context: Context) {
		this.context = context;
		this.outbox = new Outbox(context.settings.limits);
	}

	/** All messages that are not settled: those in flight, in sending order, then those that wait. */
	get all(): readonly OutboxMessage[] {
		return this.sent().concat(this.outbox.waiting);
	}

	/** The packet id of a new message. `wish`: what its options say, which only a Relay may. */
	takeId(_wish: number | undefined): number | undefined {
		return this.context.ids.take();
	}

	/** Accepts a message, for which others may have to go. False: it is not taken, but settled. */
	add(message: OutboxMessage): boolean {
		const ending = this.context.ending;
		if (ending === "flush" || ending === "drain") {
			this.report(message, failure(message, "ended", "was not taken: the client is ending"));
			return false;
		}
		const dropped = this.outbox.makeRoom(message.size);
		if (dropped === undefined) {
			const limits = this.context.settings.limits;
			const what = `was not taken: the outbox is full (${limits.outboxMessages} messages, ${limits.outboxBytes} bytes)`;
			this.report(message, failure(message, message.qos === 0 ? "dropped" : "full", what));
			return false;
		}
		this.outbox.add(message);
		this.giveUp(dropped, "dropped", "was dropped to make room in the outbox");
		return true;
	}

	/** Takes over a message of an earlier life of the session: it may have been sent. False: its packet id is not free. */
	restore(message: OutboxMessage): boolean {
		const messageId = message.messageId;
		if (messageId === undefined || this.context.ids.has(messageId)) return false;
		// The next id stays where it was drawn: the ids that follow this one may be of messages that no record tells of.
		this.context.ids.add(messageId);
		this.outbox.hold(message);
		this.inflight.set(messageId, message);
		return true;
	}

	/** The broker accepted us. `resumed`: it kept the session, or may have. */
	online(resumed: boolean): void {
		this.#lowered = EMPTY;
		if (!resumed) this.startOver();
		const sent = this.sent();
		const isReleased = (message: OutboxMessage) => message.step === "relSent";
		// PUBRELs first: to brokers that count what an earlier connection left, there is no room for a PUBLISH before.
		this.#again = sent.filter(isReleased).concat(sent.filter((message) => !isReleased(message)));
		this.armExpiry();
	}

	/** The connection is gone. A QoS 0 message that was written in part is lost. */
	offline(): void {
		const message = this.#writing;
		this.#writing = undefined;
		if (message?.qos !== 0) return;
		this.settle(message, failure(message, "dropped", "was lost with the connection while it was sent"));
	}

	/** The next packet to send, or undefined: nothing may be sent. Call `written` when all of it was handed over. */
	next(): Uint8Array | undefined {
		for (;;) {
			const message = this.nextMessage();
			if (message === undefined) return undefined;
			const frame = this.send(message);
			if (frame !== undefined) return frame;
		}
	}

	/** The payload that is to follow the packet that `next` has just returned. */
	get payload(): Payload | undefined {
		const payload = this.#writing?.payload;
		return payload === undefined || isCopied(payload) ? undefined : payload;
	}

	/** The payload that follows a packet cannot be read: settles its message. */
	abandon(error: ClientError): void {
		if (this.#writing !== undefined) this.settle(this.#writing, error);
	}

	/** The packet that `next` returned was handed over to its last byte. */
	written(): void {
		const message = this.#writing;
		this.#writing = undefined;
		if (message?.qos === 0) this.settle(message, undefined);
	}

	/** Gives up what has expired, and sees to what is to expire next. */
	expire(): void {
		const now = this.context.now;
		const gone = this.outbox.extract((message) => hasExpired(message, now));
		this.giveUp(gone, "expired", EXPIRED);
		this.armExpiry();
	}

	/** PUBACK, PUBREC or PUBCOMP. `released`: answer with PUBREL. */
	acknowledge(cmd: AckCommand, packetId: number, code: number, added: Explanation | undefined): AckResult {
		const outcome = this.inflight.acknowledge(cmd, packetId, code);
		if (!("record" in outcome)) return outcome.kind;
		const message = outcome.record;
		if (outcome.kind === "released") {
			this.noteCarried(message);
			if (message.record === "written") saveMessage(this.context, message);
		} else this.settle(message, code < 0x80 ? undefined : refused(message, code, added));
		return outcome.kind;
	}

	/** The client ends: settles everything with `error`, but what is saved stays for the next start. */
	end(error: ClientError): void {
		const isUnsaved = (message: OutboxMessage) => message.record !== "written";
		const gone = this.sent().filter(isUnsaved).concat(this.outbox.extract(isUnsaved));
		gone.forEach((message) => {
			this.settle(message, error);
		});
		this.all.forEach((message) => {
			this.tell(message, error);
		});
	}

	private armExpiry(): void {
		this.outbox.waiting.forEach((message) => {
			this.context.armExpiry(message.expiresAt);
		});
	}

	// The session is lost. What the broker took over by PUBREC is delivered, as far as we can know; the rest is new.
	private startOver(): void {
		this.sent().forEach((message) => {
			if (message.step === "relSent") this.settle(message, undefined);
		});
		const messages = this.sent();
		this.inflight.clear();
		this.outbox.requeue(messages);
	}

	/** The messages in flight, in sending order, whatever becomes of them meanwhile. */
	private sent(): OutboxMessage[] {
		return Array.from(this.inflight.values());
	}

	private nextMessage(): OutboxMessage | undefined {
		const context = this.context;
		const flush = context.ending === "flush";
		const again = flush ? undefined : this.#again[0];
		const carried = this.carried;
		const isFull = carried >= context.settings.limits.maxInflight || carried >= context.server.receiveMaximum;
		if (again !== undefined && !(isFull && again.step === "publishSent")) return again;
		// What goes out again goes before what is new [MQTT-4.6.0-1].
		return this.outbox.take(flush || isFull || again !== undefined);
	}

	/** How many PUBLISH and PUBREL of this connection the broker has not acknowledged to the end. */
	protected get carried(): number {
		return this.inflight.size - this.#again.length;
	}

	/** The packet; undefined: there is none, and the message is settled. */
	private send(message: OutboxMessage): Uint8Array | undefined {
		const context = this.context;
		const server = context.server;
		const messageId = message.messageId;
		message.dup = message === this.#again[0];
		this.noteCarried(message);
		if (message.step === "relSent" && messageId !== undefined) return encodeAck("pubrel", messageId, 0, server.version);
		this.fitToServer(message);
		const frame =
			hasExpired(message, context.now) && !message.dup
				? failure(message, "expired", EXPIRED)
				: encodeFor(server, message, context.now);
		if (frame instanceof ClientError) {
			this.settle(message, frame);
			return undefined;
		}
		this.#writing = message;
		if (message.qos > 0 && messageId !== undefined) this.inflight.set(messageId, message);
		return frame;
	}

	// [MQTT-3.2.2-11], [MQTT-3.2.2-14] a reading with less assurance is better than none.
	private fitToServer(message: OutboxMessage): void {
		const server = this.context.server;
		if (message.qos > server.maximumQoS) {
			message.qos = server.maximumQoS;
			this.lower("take messages of this QoS: published with its highest");
		}
		if (message.retain && !server.retainAvailable) {
			message.retain = false;
			this.lower("retain messages: published without retain");
		}
	}

	private lower(what: string): void {
		if (this.#lowered.includes(what)) return;
		this.#lowered = this.#lowered.concat(what);
		this.context.warn(`The broker does not ${what}.`);
	}

	/** This connection need not carry the message again: it has, or there is no need to. */
	private noteCarried(message: OutboxMessage): void {
		if (this.#again.length > 0) this.#again = this.#again.filter((other) => other !== message);
	}

	private giveUp(messages: readonly OutboxMessage[], code: ClientErrorCode, what: string): void {
		messages.forEach((message) => {
			this.settle(message, failure(message, code, what));
		});
	}

	protected settle(message: OutboxMessage, error: ClientError | undefined): void {
		if (this.#writing === message) this.#writing = undefined;
		if (message.messageId !== undefined) this.inflight.delete(message.messageId);
		this.noteCarried(message);
		this.outbox.release(message);
		this.report(message, error);
	}

	/** For a message that the outbox does not hold any more. */
	private report(message: OutboxMessage, error: ClientError | undefined): void {
		if (message.messageId !== undefined) this.context.ids.delete(message.messageId);
		if (message.record === "written") this.context.forget(messageKey(message.sequence));
		this.tell(message, error);
	}

	/** Tells who published a message what became of it; where nobody wants to know, a failure is logged. */
	private tell(message: OutboxMessage, error: ClientError | undefined): void {
		const done = message.done;
		message.done = undefined;
		if (done !== undefined) this.context.call("publish callback", done, error, undefined);
		else if (error !== undefined && error.code !== "ended") this.context.warn(error.message);
	}
}

function refused(message: OutboxMessage, code: number, added: Explanation | undefined): ClientError {
	return failure(message, "refused", `was refused by the broker: ${reasonText(code, added)}`, code);
}
