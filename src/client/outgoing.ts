import { type AckCommand, encodeAck, type QoS } from "../codec/index.ts";
import type { Millis } from "../ports/index.ts";
import { Fifo, Inflight, type InflightRecord, type OutgoingStep, type PacketIds } from "../session/index.ts";
import { encodeFor } from "./encode-message.ts";
import { ClientError } from "./errors.ts";
import type { ClientLimits } from "./limits.ts";
import { Outbox, type OutboxMessage } from "./outbox.ts";
import { isCopied, type Payload } from "./payload.ts";
import { reasonText } from "./reasons.ts";
import { DEFAULT_SERVER, type ServerLimits } from "./server-limits.ts";

type AckResult = "released" | "done" | "unknown" | "unexpected";

/** What becomes of outgoing messages, for whoever keeps and reports it. */
export interface OutgoingEvents {
	/** The broker takes less than was asked for. Called once for each connection and shortcoming, with a text for a person. */
	lowered(message: string): void;
	/** Called once for each message, the last that is heard of it. */
	settled(message: OutboxMessage, error: ClientError | undefined): void;
	/** The client ended; the message is kept for the next start. */
	interrupted(message: OutboxMessage, error: ClientError): void;
	/** A QoS 2 message moved from PUBLISH to PUBREL. */
	released(message: OutboxMessage): void;
}

const NOTHING: readonly never[] = [];

/** Outgoing messages from the outbox to their last acknowledgement. */
export class Outgoing {
	readonly outbox: Outbox;
	readonly #ids: PacketIds;
	readonly #limits: ClientLimits;
	readonly #events: OutgoingEvents;
	readonly #inflight = new Inflight<OutboxMessage>();
	/** Messages of a resumed session that are to be sent again. */
	readonly #again = new Fifo<InflightRecord<OutboxMessage>>();
	/** PUBLISH packets of this connection that the broker has not acknowledged to the end. */
	#counted = 0;
	/** How many of them there may be. */
	#window = 0;
	#server: ServerLimits = DEFAULT_SERVER;
	/** What was said of its shortcomings on this connection. */
	#lowered: readonly string[] = NOTHING;
	/** The message whose payload follows its packet, until the next one is sent. */
	#following: OutboxMessage | undefined;
	/** The QoS 0 message that is being handed to the transport. */
	#writing: OutboxMessage | undefined;
	/** With a Relay: what PUBREC has come for on this connection and PUBCOMP has not. It still counts. */
	withheld: Set<number> | undefined;

	constructor(limits: ClientLimits, ids: PacketIds, events: OutgoingEvents) {
		this.#limits = limits;
		this.#ids = ids;
		this.#events = events;
		this.outbox = new Outbox(limits);
	}

	/** Whether nothing waits and nothing is in flight. */
	get isIdle(): boolean {
		return this.outbox.size === 0;
	}

	/** PUBREL is to be sent for a Relay. False: the broker takes no QoS 2, and what was sent with less needs none. */
	release(packetId: number): boolean {
		if (this.#server.maximumQoS < 2) return false;
		// What an earlier connection published takes its place in the broker's Receive Maximum all the same.
		if (this.withheld?.has(packetId) === false) {
			this.withheld.add(packetId);
			this.#counted++;
		}
		return true;
	}

	/** Accepts a message, for which others may have to go. False: there is no room, and the message is settled. */
	add(message: OutboxMessage): boolean {
		const gone = this.outbox.add(message);
		if (gone.length === 0) return true;
		if (gone[0] === message) {
			this.refuse(message);
			return false;
		}
		gone.forEach((old) => {
			this.report(old, new ClientError("dropped", `Dropped "${old.topic}" (QoS 0) to make room in the outbox.`));
		});
		return true;
	}

	/** Takes over a message of an earlier life of the session: it may have been sent. False: its packet id is not free. */
	restore(message: OutboxMessage, step: OutgoingStep): boolean {
		const { packetId, qos } = message;
		if (packetId === undefined || qos === 0 || this.#ids.has(packetId)) return false;
		this.#ids.restore(packetId);
		this.outbox.hold(message);
		this.#inflight.add(packetId, qos, message, step);
		return true;
	}

	/** The broker accepted us. `resumed`: it kept the session, or may have. */
	online(resumed: boolean, server: ServerLimits): void {
		this.#server = server;
		this.#window = Math.min(this.#limits.maxInflight, server.receiveMaximum);
		this.#counted = 0;
		this.#lowered = NOTHING;
		this.#again.clear();
		this.withheld?.clear();
		this.sent().forEach((record) => {
			record.message.counted = false;
			if (resumed) this.#again.push(record);
		});
		if (!resumed) this.startOver();
	}

	/** The connection is gone. A QoS 0 message that was written in part is lost. */
	offline(): void {
		this.#again.clear();
		const message = this.#writing;
		this.#writing = undefined;
		if (message === undefined) return;
		this.settle(
			message,
			new ClientError("dropped", `The connection was lost while "${message.topic}" (QoS 0) was sent.`),
		);
	}

	/**
	 * The next packet to send, or undefined: nothing may be sent. `flush`: of QoS 0 only. Call `written` when all of it was
	 * handed over.
	 */
	next(now: Millis, flush: boolean): Uint8Array | undefined {
		this.#following = undefined;
		for (;;) {
			const record = flush ? undefined : this.nextAgain();
			const lossyOnly = flush || this.#counted >= this.#window;
			if (record !== undefined && !(lossyOnly && record.step === "publishSent")) {
				this.#again.shift();
				const frame = this.sendAgain(record, now);
				if (frame !== undefined) return frame;
				continue;
			}
			// What goes out again goes before what is new [MQTT-4.6.0-1].
			const message = this.outbox.take(lossyOnly || record !== undefined);
			if (message === undefined) return undefined;
			const frame = this.send(message, now);
			if (frame !== undefined) return frame;
		}
	}

	/** The payload that is to follow the packet that `next` has just returned. */
	get payload(): Payload | undefined {
		return this.#following?.payload;
	}

	/** The payload that follows a packet cannot be read: settles its message. */
	abandon(error: ClientError): void {
		const message = this.#following;
		this.#following = undefined;
		if (message === undefined || !this.holds(message)) return;
		this.#writing = undefined;
		if (message.packetId !== undefined) this.#inflight.delete(message.packetId);
		this.uncount(message, true);
		this.settle(message, error);
	}

	/** The packet that `next` returned was handed over to its last byte. */
	written(): void {
		const message = this.#writing;
		if (message === undefined) return;
		this.#writing = undefined;
		this.settle(message, undefined);
	}

	/** Gives up what has expired. */
	expire(now: Millis): void {
		this.outbox.expire(now).forEach((message) => {
			this.report(message, expired(message));
		});
	}

	/** PUBACK, PUBREC or PUBCOMP. `released`: answer with PUBREL. With a Relay, PUBREC settles a message. */
	acknowledge(cmd: AckCommand, packetId: number, code: number, reasonString: string | undefined): AckResult {
		const outcome = this.#inflight.acknowledge(cmd, packetId, code);
		const withheld = this.withheld;
		if (!("record" in outcome)) {
			if (withheld?.delete(packetId) === true) this.#counted--;
			return outcome.kind;
		}
		const message = outcome.record.message;
		if (outcome.kind === "released" && withheld !== undefined) {
			this.#inflight.delete(packetId);
			withheld.add(packetId);
			this.settle(message, undefined);
			return "done";
		}
		this.uncount(message, outcome.kind === "done");
		if (outcome.kind === "released") this.#events.released(message);
		else this.settle(message, code < 0x80 ? undefined : refused(message, code, reasonString));
		return outcome.kind;
	}

	/** The client ends: settles everything with `error`, but what is saved stays for the next start. */
	end(error: ClientError): void {
		this.#again.clear();
		this.sent().forEach(({ packetId, message }) => {
			if (message.saved) this.#events.interrupted(message, error);
			else {
				this.#inflight.delete(packetId);
				this.settle(message, error);
			}
		});
		this.outbox.clearUnsaved().forEach((message) => {
			this.report(message, error);
		});
		this.outbox.lasting().forEach((message) => {
			this.#events.interrupted(message, error);
		});
	}

	// The session is lost. What the broker took over by PUBREC is delivered, as far as we can know; the rest is new.
	private startOver(): void {
		const messages: OutboxMessage[] = [];
		this.sent().forEach(({ packetId, step, message }) => {
			this.#inflight.delete(packetId);
			if (step === "relSent") this.settle(message, undefined);
			else messages.push(message);
		});
		messages.sort((a, b) => a.sequence - b.sequence);
		this.outbox.requeue(messages);
	}

	/** The messages in flight, in sending order, whatever becomes of them meanwhile. */
	private sent(): readonly InflightRecord<OutboxMessage>[] {
		return Array.from(this.#inflight.values());
	}

	private nextAgain(): InflightRecord<OutboxMessage> | undefined {
		for (;;) {
			const record = this.#again.first;
			if (record === undefined || this.#inflight.get(record.packetId) === record) return record;
			this.#again.shift(); // acknowledged in the meantime
		}
	}

	private sendAgain(record: InflightRecord<OutboxMessage>, now: Millis): Uint8Array | undefined {
		if (record.step === "relSent") return encodeAck("pubrel", record.packetId, 0, this.#server.version);
		const frame = this.encode(record.message, record.qos, true, now);
		if (frame === undefined) this.#inflight.delete(record.packetId);
		else this.count(record.message);
		return frame;
	}

	private send(message: OutboxMessage, now: Millis): Uint8Array | undefined {
		if (message.expiresAt !== undefined && message.expiresAt <= now) {
			this.settle(message, expired(message));
			return undefined;
		}
		const { maximumQoS, retainAvailable } = this.#server;
		// [MQTT-3.2.2-11], [MQTT-3.2.2-14] a reading with less assurance is better than none.
		const qos = message.qos > maximumQoS ? maximumQoS : message.qos;
		if (qos < message.qos) this.lower("take messages of this QoS: published with its highest");
		if (message.retain && !retainAvailable) this.lower("retain messages: published without retain");
		const frame = this.encode(message, qos, false, now);
		if (frame === undefined) return undefined;
		if (qos === 0 || message.packetId === undefined) this.#writing = message;
		else {
			this.#inflight.add(message.packetId, qos, message);
			this.count(message);
		}
		return frame;
	}

	/** The packet; undefined: it cannot be sent, and is settled. */
	private encode(message: OutboxMessage, qos: QoS, dup: boolean, now: Millis): Uint8Array | undefined {
		const frame = encodeFor(this.#server, message, qos, dup, now);
		if (!(frame instanceof ClientError)) {
			if (!isCopied(message.payload)) this.#following = message;
			return frame;
		}
		this.settle(message, frame);
		return undefined;
	}

	/** Whether a message that was sent is not settled. */
	private holds(message: OutboxMessage): boolean {
		const { packetId } = message;
		return message === this.#writing || (packetId !== undefined && this.#inflight.get(packetId)?.message === message);
	}

	private lower(what: string): void {
		if (this.#lowered.includes(what)) return;
		this.#lowered = this.#lowered.concat(what);
		this.#events.lowered(`The broker does not ${what}.`);
	}

	private count(message: OutboxMessage): void {
		message.counted = true;
		this.#counted++;
	}

	// A PUBREC leaves the message counted: the broker's quota is free again with PUBCOMP (MQTT 5 section 4.9).
	private uncount(message: OutboxMessage, done: boolean): void {
		if (!done || !message.counted) return;
		message.counted = false;
		this.#counted--;
	}

	private refuse(message: OutboxMessage): void {
		const { outboxMessages, outboxBytes } = this.#limits;
		const text = `The outbox is full (${outboxMessages} messages, ${outboxBytes} bytes): "${message.topic}" was not taken.`;
		this.report(message, new ClientError(message.qos === 0 ? "dropped" : "full", text));
	}

	private settle(message: OutboxMessage, error: ClientError | undefined): void {
		this.outbox.release(message);
		this.report(message, error);
	}

	/** For a message that the outbox has released. */
	private report(message: OutboxMessage, error: ClientError | undefined): void {
		if (message.packetId !== undefined) this.#ids.release(message.packetId);
		this.#events.settled(message, error);
	}
}

function expired(message: OutboxMessage): ClientError {
	return new ClientError("expired", `"${message.topic}" expired before it could be sent.`);
}

function refused(message: OutboxMessage, code: number, reasonString: string | undefined): ClientError {
	return new ClientError("refused", `The broker refused "${message.topic}": ${reasonText(code, reasonString)}.`, code);
}
