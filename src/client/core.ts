import { encodeSubscription, encodeUtf8, ProtocolError } from "../codec/index.ts";
import type { Millis, Random } from "../ports/index.ts";
import type { ClientAction } from "./actions.ts";
import { fail } from "./connection.ts";
import { Context } from "./context.ts";
import { finish, isDrained } from "./ending.ts";
import { ClientError } from "./errors.ts";
import { generateClientId } from "./handshake.ts";
import { onPacket } from "./on-packet.ts";
import type { Settings } from "./options.ts";
import { CLIENT_ID_KEY, NOTHING_SAVED, type Saved } from "./saved.ts";
import { restoreMessages } from "./saved-messages.ts";

export interface CoreOptions {
	readonly settings: Settings;
	/** Names the broker. */
	readonly endpoint: string;
	readonly random: Random;
	/** What an earlier life left. */
	readonly saved?: Saved;
}

/**
 * The client without I/O: it is told what happened and when, and drained of what to do. What happened is a function with
 * the context that `turn` or `request` gives (`onOpened`, `onReceived`, `publish`); after each, call `poll` until it
 * returns undefined, then arrange for `onTime` at `nextTimeout`. Times are points of one monotonic clock, in ms.
 */
export class ClientCore {
	readonly context: Context;
	/** Packets that may still be read, and sent, in this turn of the event loop. */
	#reads = 0;
	#sends = 0;

	constructor(options: CoreOptions, now: Millis) {
		const { settings, endpoint, random, saved = NOTHING_SAVED } = options;
		const known = settings.clientId ?? saved.clientId;
		const clientId = known ?? generateClientId(random);
		const context = new Context(settings, endpoint, random, saved, clientId);
		this.context = context;
		context.now = now;
		if (known === undefined) context.save(CLIENT_ID_KEY, encodeUtf8(clientId));
		saved.damaged.forEach((key) => {
			context.dropRecord(key);
		});
		restoreMessages(context, saved, now);
		context.received.restore(saved.received);
	}

	/** Something happened: a turn of the event loop begins. */
	turn(now: Millis): Context {
		const context = this.context;
		context.now = now;
		this.#reads = context.settings.limits.packetsPerTurn;
		this.#sends = this.#reads;
		return context;
	}

	/** The application wants something: one packet may go out, since who asks in a loop is master of that turn. */
	request(now: Millis): Context {
		const context = this.context;
		context.now = now;
		context.hasNew = true;
		if (this.#sends <= 0) this.#sends = 1;
		return context;
	}

	/** When to call `onTime`, or undefined: never. May be earlier than anything is due. */
	nextTimeout(): Millis | undefined {
		const next = this.context.deadlines.next;
		return next === Number.POSITIVE_INFINITY ? undefined : next;
	}

	/** The next thing to do, or undefined: nothing, until something happens. */
	poll(): ClientAction | undefined {
		const context = this.context;
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

	/** Handles one packet that arrived. False: there is none, or it has to wait. */
	private read(): boolean {
		const context = this.context;
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
			fail(context, `The broker broke the protocol: ${error.message}`, error.reasonCode);
		}
		return true;
	}

	/** Begins the next packet of our own making, if one may be sent. */
	private nextNew(): Uint8Array | undefined {
		const context = this.context;
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
		const { settings, requests, outgoing, now } = this.context;
		return settings.relay === undefined || requests.isIdle ? outgoing.next(now, flush) : undefined;
	}

	private send(bytes: Uint8Array): ClientAction {
		const context = this.context;
		context.keepalive.sent(context.now);
		if (!context.wire.isMidPacket) context.outgoing.written();
		return { kind: "send", bytes };
	}

	// What is left for the next turn: the pump is asked for one at once, and to hold the transport until then.
	private endTurn(): ClientAction | undefined {
		const context = this.context;
		const wire = context.wire;
		const unread = wire.hasInput;
		if (!unread && !context.hasNew && wire.isReading) return undefined;
		const unsent = context.hasNew && context.phase === "online" && wire.writable && this.#sends <= 0;
		if ((unread && !wire.isChoked) || unsent) context.deadlines.set("turn", context.now);
		if (wire.isReading !== unread) return undefined;
		wire.isReading = !unread;
		return { kind: "reading", flag: !unread };
	}
}

// What was sent of the packet cannot be taken back: the connection goes with it.
function giveUpPayload(context: Context, fault: string): void {
	const message = `A payload cannot be read to its end: ${fault}`;
	context.outgoing.abandon(new ClientError("unsendable", message));
	fail(context, message);
}
