import { type AckCommand, encodeSubscription, ProtocolError } from "../codec/index.ts";
import type { Millis, Random, TransportFailure } from "../ports/index.ts";
import type { ClientAction } from "./actions.ts";
import { publish, subscribe, unsubscribe } from "./application.ts";
import { beginRound, fail, onClosed, onOpened } from "./connection.ts";
import { Context } from "./context.ts";
import { beginEnd, finish, isDrained } from "./ending.ts";
import { ClientError } from "./errors.ts";
import { generateClientId } from "./handshake.ts";
import type { MessageHandler, PublishDone, PublishOptions, SubscribeDone, SubscribeOptions } from "./message.ts";
import { ON_DEADLINE } from "./on-deadline.ts";
import { onPacket } from "./on-packet.ts";
import type { Settings } from "./options.ts";
import type { Payload } from "./payload.ts";
import { answer } from "./relay.ts";
import { CLIENT_ID_KEY, encodeClientId, NOTHING_SAVED, type Saved } from "./saved.ts";
import { restoreMessages } from "./saved-messages.ts";
import type { ClientState } from "./state.ts";
import type { Registration } from "./subscriptions.ts";
import { beginVisit } from "./visit.ts";

export interface CoreOptions {
	readonly settings: Settings;
	/** Names the broker. */
	readonly endpoint: string;
	readonly random: Random;
	/** What an earlier life left. */
	readonly saved?: Saved;
}

/**
 * The client without I/O: it is told what happened and when, and drained of what to do. After each call of another
 * method, call `poll` until it returns undefined, then arrange for `tick` at `nextTimeout`. Times are points of one
 * monotonic clock, in ms.
 */
export class ClientCore {
	readonly #context: Context;
	/** Packets that may still be read, and sent, in this turn of the event loop. */
	#reads = 0;
	#sends = 0;
	readonly #perTurn: number;
	#isReading = true;

	constructor(options: CoreOptions, now: Millis) {
		const { settings, endpoint, random, saved = NOTHING_SAVED } = options;
		const clientId = settings.clientId ?? saved.clientId ?? generateClientId(random);
		const context = new Context(settings, endpoint, random, saved, clientId);
		this.#context = context;
		this.#perTurn = settings.limits.packetsPerTurn;
		context.now = now;
		if (settings.clientId === undefined && saved.clientId === undefined) {
			context.emit({ kind: "save", key: CLIENT_ID_KEY, value: encodeClientId(clientId) });
		}
		for (const key of saved.damaged) context.dropRecord(key);
		restoreMessages(context, saved, now);
		context.received.restore(saved.received);
	}

	get state(): ClientState {
		return this.#context.state;
	}

	/** Messages that were accepted and are not settled. */
	get pending(): number {
		return this.#context.outgoing.outbox.size;
	}

	/** Connects, and from now on reconnects. Without effect while started. */
	start(now: Millis): void {
		const context = this.turn(now);
		if (context.phase === "idle") beginRound(context);
	}

	/** Connects now where the next attempt is waited for: the cause of the last failure is known to be gone. */
	retry(now: Millis): void {
		const context = this.turn(now);
		if (context.phase !== "waiting") return;
		context.deadlines.clear("reconnect");
		beginRound(context);
	}

	/**
	 * Ends after what is queued at QoS 0 was written, or, with `drain`, after everything was acknowledged or `drain` ms
	 * have passed. DISCONNECT is sent, so the will does not fire.
	 */
	end(now: Millis, drain?: Millis): void {
		beginEnd(this.turn(now), drain);
	}

	/** Connects, does all that is to be done, and ends; after `within` ms in any case. See `Client.visit`. */
	visit(now: Millis, within: Millis, listen: Millis): void {
		beginVisit(this.turn(now), within, listen);
	}

	/** The transport is open. */
	opened(now: Millis): void {
		this.#isReading = true;
		onOpened(this.turn(now));
	}

	/** The transport ended on its own. */
	closed(failure: TransportFailure | undefined, now: Millis): void {
		onClosed(this.turn(now), failure);
	}

	/** Bytes arrived. The core keeps the view until it is decoded. */
	receive(bytes: Uint8Array, now: Millis): void {
		const context = this.turn(now);
		const wire = context.wire;
		if (context.phase !== "online" && context.phase !== "connecting") return;
		context.keepalive.received(now);
		// A transport that could be held has been; what more comes has no place to go.
		if (!wire.writable && wire.isChoked && wire.isFlooded)
			fail(context, "The broker sends faster than it takes our answers.");
		else wire.received(bytes);
	}

	/** The transport takes bytes (true), or is full (false). */
	writable(flag: boolean, now: Millis): void {
		const { wire, keepalive } = this.#context;
		if (flag && !wire.writable) {
			this.turn(now);
			keepalive.progressed(now);
		}
		wire.writable = flag;
	}

	/** Time has passed: handles every deadline that has come. */
	tick(now: Millis): void {
		const context = this.turn(now);
		const { deadlines } = context;
		for (let due = deadlines.due(now); due !== undefined; due = deadlines.due(now)) ON_DEADLINE[due](context);
	}

	/** Something unforeseen went wrong in the pump: ends the connection, and tries again. */
	abort(message: string, now: Millis): void {
		const context = this.turn(now);
		if (context.phase !== "idle" && context.phase !== "waiting") fail(context, message);
	}

	/** When to call `tick`, or undefined: never. May be earlier than anything is due. */
	nextTimeout(): Millis | undefined {
		const { next } = this.#context.deadlines;
		return next === Number.POSITIVE_INFINITY ? undefined : next;
	}

	/**
	 * Accepts a message, also while offline. The payload is kept as it is: do not change it before `done`. Throws UsageError
	 * for what can never be sent.
	 */
	publish(topic: string, payload: Payload, options: PublishOptions, done: PublishDone | undefined, now: Millis): void {
		publish(this.request(now), topic, payload, options, done);
	}

	/** Adds a handler. Throws UsageError for a filter that no broker can take. */
	subscribe(
		filter: string,
		handler: MessageHandler,
		options: SubscribeOptions,
		done: SubscribeDone | undefined,
		now: Millis,
	): Registration | undefined {
		return subscribe(this.request(now), filter, handler, options, done);
	}

	/** Removes a handler; the last one of a filter takes the subscription with it. */
	unsubscribe(registration: Registration, now: Millis): void {
		unsubscribe(this.request(now), registration);
	}

	/** Sends an acknowledgement, or PUBREL, of a Relay's. */
	answer(cmd: AckCommand, messageId: number, now: Millis): void {
		answer(this.turn(now), cmd, messageId);
	}

	/** The next thing to do, or undefined: nothing, until the next call of another method. */
	poll(): ClientAction | undefined {
		const context = this.#context;
		const { actions, wire } = context;
		for (;;) {
			const action = actions.shift();
			if (action !== undefined) return action;
			const owed = wire.nextSend();
			if (owed !== undefined) return this.send(owed);
			if (wire.fault !== undefined) {
				giveUpPayload(context, wire.fault);
				continue;
			}
			if (wire.hasInput && this.read()) continue;
			if (context.hasNew) {
				const packet = this.nextNew();
				if (packet !== undefined) return this.send(packet);
				if (actions.size > 0) continue;
			}
			if (context.ending === "no" || !isDrained(context)) return this.endTurn();
			finish(context, undefined);
		}
	}

	private turn(now: Millis): Context {
		const context = this.#context;
		context.now = now;
		this.#reads = this.#perTurn;
		this.#sends = this.#perTurn;
		return context;
	}

	/** The application wants something: one packet may go out, since who asks in a loop is master of that turn. */
	private request(now: Millis): Context {
		const context = this.#context;
		context.now = now;
		context.hasNew = true;
		if (this.#sends <= 0) this.#sends = 1;
		return context;
	}

	/** Handles one packet that arrived. False: there is none, or it has to wait. */
	private read(): boolean {
		const context = this.#context;
		const wire = context.wire;
		if (!wire.writable && wire.isChoked) return false;
		if (this.#reads <= 0 && !wire.isFlooded) return false;
		try {
			const packet = wire.next();
			if (packet === undefined) return false;
			this.#reads--;
			onPacket(context, packet);
		} catch (error) {
			if (!(error instanceof ProtocolError)) throw error;
			fail(context, `The broker broke the protocol: ${error.message}`, { reasonCode: error.reasonCode });
		}
		return true;
	}

	/** Begins the next packet of our own making, if one may be sent. */
	private nextNew(): Uint8Array | undefined {
		const context = this.#context;
		const { wire, requests } = context;
		if (context.phase !== "online" || !wire.writable || !wire.isFlushed || this.#sends <= 0) return undefined;
		const flush = context.ending === "flush";
		const request = flush ? undefined : requests.next();
		const packet = request === undefined ? this.nextMessage(flush) : encodeSubscription(request, wire.version);
		if (packet === undefined) {
			context.hasNew = false;
			return undefined;
		}
		this.#sends--;
		return wire.begin(packet, request === undefined ? context.outgoing.payload : undefined);
	}

	// A Relay's packet ids are not ours to choose: none of them may be that of a SUBSCRIBE on its way [MQTT-2.2.1-3].
	private nextMessage(flush: boolean): Uint8Array | undefined {
		const { settings, requests, outgoing, now } = this.#context;
		return settings.relay === undefined || requests.isIdle ? outgoing.next(now, flush) : undefined;
	}

	private send(bytes: Uint8Array): ClientAction {
		const context = this.#context;
		context.keepalive.sent(context.now);
		if (!context.wire.isMidPacket) context.outgoing.written();
		return { kind: "send", bytes };
	}

	// What is left for the next turn: the pump is asked for one at once, and to hold the transport until then.
	private endTurn(): ClientAction | undefined {
		const context = this.#context;
		const wire = context.wire;
		const unread = wire.hasInput;
		if (!unread && !context.hasNew && this.#isReading) return undefined;
		const unsent = context.hasNew && context.phase === "online" && wire.writable && this.#sends <= 0;
		if ((unread && !wire.isChoked) || unsent) context.deadlines.set("turn", context.now);
		if (this.#isReading !== unread) return undefined;
		this.#isReading = !unread;
		return { kind: "reading", flag: !unread };
	}
}

// What was sent of the packet cannot be taken back: the connection goes with it.
function giveUpPayload(context: Context, fault: string): void {
	const message = `A payload cannot be read to its end: ${fault}`;
	context.outgoing.abandon(new ClientError("unsendable", message));
	fail(context, message);
}
