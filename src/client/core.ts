import { encodeUtf8, ProtocolError } from "../codec/index.ts";
import type { Millis, Random } from "../ports/index.ts";
import type { ClientAction } from "./actions.ts";
import { fail } from "./connection.ts";
import { Context } from "./context.ts";
import { finish, isDrained } from "./ending.ts";
import { ClientError } from "./errors.ts";
import { generateClientId } from "./handshake.ts";
import { onPacket } from "./on-packet.ts";
import type { Settings } from "./options.ts";
import { CLIENT_ID_KEY, type Saved } from "./saved.ts";
import { restoreMessages } from "./saved-messages.ts";
import type { Wire } from "./wire.ts";

export interface CoreOptions {
	readonly settings: Settings;
	/** Names the broker. */
	readonly endpoint: string;
	readonly random: Random;
	/** What an earlier life left. */
	readonly saved: Saved;
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
		const saved = options.saved;
		const known = options.settings.clientId ?? saved.clientId;
		const clientId = known ?? generateClientId(options.random);
		const context = new Context(options.settings, options.endpoint, options.random, saved, clientId);
		this.context = context;
		context.now = now;
		if (known === undefined) context.save(CLIENT_ID_KEY, encodeUtf8(clientId));
		saved.damaged.forEach((key) => {
			context.dropRecord(key);
		});
		restoreMessages(context, saved, now);
		saved.received.forEach((packetId) => {
			context.received.add(packetId);
		});
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
		const actions = this.context.actions;
		while (actions.length === 0) if (!this.advance()) break;
		return actions.shift();
	}

	// On the stack of a device `poll` lies below all that is read and written. So what it leads to is called in tail position
	// where it can be: the frame of the caller is then gone.

	/** Does one thing of what is pending. False: nothing is. */
	private advance(): boolean {
		const context = this.context;
		const wire = context.wire;
		const owed = wire.nextSend();
		if (owed !== undefined) return this.send(owed);
		if (wire.fault !== undefined) return giveUpPayload(context, wire.fault);
		if (wire.hasInput && this.mayRead(wire)) return this.read();
		if (context.hasNew && this.maySend()) return this.sendNew();
		if (context.ending === "no" || !isDrained(context)) return this.endTurn();
		finish(context, undefined);
		return true;
	}

	private mayRead(wire: Wire): boolean {
		return (wire.writable || !wire.isChoked) && (this.#reads > 0 || wire.isFlooded);
	}

	/** Handles one packet that arrived, if there is one. */
	private read(): boolean {
		const context = this.context;
		try {
			const packet = context.wire.next();
			if (packet === undefined) return true;
			this.#reads--;
			onPacket(context, packet);
		} catch (error) {
			if (!(error instanceof ProtocolError)) throw error;
			fail(context, `The broker broke the protocol: ${error.message}`, error.reasonCode);
		}
		return true;
	}

	private maySend(): boolean {
		const context = this.context;
		return this.#sends > 0 && context.phase === "online" && context.wire.writable && context.wire.isFlushed;
	}

	/** Begins the next packet of our own making, if there is one. */
	private sendNew(): boolean {
		const context = this.context;
		const outgoing = context.outgoing;
		const request = context.ending === "flush" ? undefined : context.requests.next();
		const packet = request ?? outgoing.next();
		if (packet !== undefined) {
			this.#sends--;
			return this.send(context.wire.begin(packet, outgoing.payload));
		}
		context.hasNew = false;
		return true;
	}

	private send(bytes: Uint8Array): boolean {
		const context = this.context;
		context.keepalive.sent(context.now);
		if (!context.wire.isMidPacket) context.outgoing.written();
		context.emit({ kind: "send", bytes });
		return true;
	}

	// What is left for the next turn: the pump is asked for one at once, and to hold the transport until then.
	private endTurn(): boolean {
		const context = this.context;
		const wire = context.wire;
		const unread = wire.hasInput;
		if (!unread && !context.hasNew && wire.isReading) return false;
		const unsent = context.hasNew && context.phase === "online" && wire.writable && this.#sends <= 0;
		if ((unread && !wire.isChoked) || unsent) context.arm("turn", 0);
		if (wire.isReading === unread) {
			wire.isReading = !unread;
			context.emit({ kind: "reading", flag: !unread });
		}
		return false;
	}
}

// What was sent of the packet cannot be taken back: the connection goes with it.
function giveUpPayload(context: Context, fault: string): boolean {
	const message = `A payload cannot be read to its end: ${fault}`;
	context.outgoing.abandon(new ClientError("unsendable", message));
	fail(context, message);
	return true;
}
