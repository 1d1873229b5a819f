import { encodeDisconnect } from "../codec/index.ts";
import type { LogLevel, Millis, Random } from "../ports/index.ts";
import { Fifo, PacketIds, ReceivedIds } from "../session/index.ts";
import type { ClientAction, LogFields } from "./actions.ts";
import { Backoff } from "./backoff.ts";
import { Deadlines } from "./deadlines.ts";
import type { ClientError } from "./errors.ts";
import { Incoming } from "./incoming.ts";
import { encodeIds, seal } from "./journal.ts";
import { Keepalive } from "./keepalive.ts";
import { Ladder } from "./ladder.ts";
import type { SubscribeDone } from "./message.ts";
import type { Settings } from "./options.ts";
import type { OutboxMessage } from "./outbox.ts";
import { Outgoing, type OutgoingEvents } from "./outgoing.ts";
import type { Shortcoming } from "./publish-encoder.ts";
import { type RequestEvents, Requests } from "./requests.ts";
import { messageKey, RECEIVED_KEY, type Saved } from "./saved.ts";
import { saveMessage } from "./saved-messages.ts";
import type { ClientState } from "./state.ts";
import { Subscriptions } from "./subscriptions.ts";
import { Unsaved } from "./unsaved.ts";
import { Wire } from "./wire.ts";

/**
 * Where the connection stands. `idle`: not started, or ended. `waiting`: for the next attempt. `opening`: the transport.
 * `connecting`: CONNECT was sent, CONNACK is awaited.
 */
export type ConnectionPhase = "idle" | "waiting" | "opening" | "connecting" | "online";

/**
 * How the client ends. `flush`: after what waits at QoS 0. `drain`: after everything, or at the deadline. `visit`: after
 * everything that a connection is for, once there is one, or at the deadline.
 */
export type Ending = "no" | "flush" | "drain" | "visit";

/** What the parts of the core share: each part of the state, and the queue of actions. */
export class Context implements OutgoingEvents, RequestEvents {
	readonly settings: Settings;
	readonly random: Random;
	/** Names the broker: what is remembered of it belongs to it alone. */
	readonly endpoint: string;
	readonly actions = new Fifo<ClientAction>();
	readonly deadlines = new Deadlines();
	readonly backoff: Backoff;
	readonly ladder: Ladder;
	readonly keepalive = new Keepalive();
	readonly wire: Wire;
	readonly ids: PacketIds;
	readonly outgoing: Outgoing;
	readonly received: ReceivedIds;
	readonly incoming = new Incoming();
	readonly subscriptions: Subscriptions;
	readonly requests: Requests;
	readonly unsaved = new Unsaved();
	/** The time of the mutation that is being handled. */
	now: Millis = 0;
	phase: ConnectionPhase = "idle";
	/** Whether there may be something to send that is no answer: looking for it costs time, and most packets change nothing. */
	hasNew = false;
	ending: Ending = "no";
	state: ClientState = { kind: "ended" };
	/** Of the last message that was published. */
	sequence = 0;
	/** The id asked for; the broker's own choice once it made one. */
	clientId: string;
	/** Whether the last CONNECT asked for a new session. */
	askedClean = true;
	/** Whether there was a connection since the start: its session may be resumed. */
	wasOnline = false;
	/** Whether an earlier life left a session at the broker that is ours to resume. */
	hasSession: boolean;
	/** How long a visit stays online for what the broker has for us; 0 once that is over. */
	listen: Millis = 0;

	constructor(settings: Settings, endpoint: string, random: Random, saved: Saved, clientId: string) {
		const { limits } = settings;
		this.settings = settings;
		this.random = random;
		this.endpoint = endpoint;
		this.clientId = clientId;
		this.backoff = new Backoff(settings.reconnect, random);
		this.hasSession = settings.persist && saved.hasSession;
		this.ladder = new Ladder(settings.protocol, saved.protocol, random);
		this.wire = new Wire(limits);
		// The ids that a broker's session still knows from before a restart are unlikely to be met from a random start.
		this.ids = new PacketIds(Math.floor(random.next() * 65_535));
		this.outgoing = new Outgoing(limits, this.ids, this);
		if (settings.relay !== undefined) this.outgoing.withheld = new Set();
		this.received = new ReceivedIds(limits.maxInflight);
		this.subscriptions = new Subscriptions(limits);
		this.requests = new Requests(this.subscriptions, this.ids, this);
	}

	emit(action: ClientAction): void {
		this.actions.push(action);
	}

	log(level: LogLevel, message: string, fields?: LogFields): void {
		this.emit(fields === undefined ? { kind: "log", level, message } : { kind: "log", level, message, fields });
	}

	enter(state: ClientState): void {
		this.state = state;
		this.emit({ kind: "state", state });
	}

	/** Deletes a record that is not what it should be. */
	dropRecord(key: string): void {
		this.log("warn", "A damaged record of the store was dropped.", { key });
		this.emit({ kind: "forget", key });
	}

	/** Writes the ids of incoming QoS 2 messages that wait for PUBREL. */
	saveReceived(): void {
		if (!this.settings.persist) return;
		const value = seal(encodeIds(this.received.values(), this.received.size));
		this.emit({ kind: "save", key: RECEIVED_KEY, value });
	}

	/** The session is lost, and with it what waits for PUBREL. */
	clearReceived(): void {
		const some = this.received.size > 0;
		this.received.clear();
		if (some) this.saveReceived();
	}

	settled(message: OutboxMessage, error: ClientError | undefined): void {
		this.unsaved.remove(message);
		if (message.saved) this.emit({ kind: "forget", key: messageKey(message.sequence) });
		this.report(message, error);
	}

	interrupted(message: OutboxMessage, error: ClientError): void {
		this.report(message, error);
	}

	released(message: OutboxMessage): void {
		if (!this.unsaved.advance(message, "relSent") && message.saved) saveMessage(this, message, "relSent");
	}

	lowered(what: Shortcoming): void {
		if (what === "retain") this.log("warn", "The broker does not retain messages: published without retain.");
		else this.log("warn", "The broker does not take messages of this QoS: published with its highest.");
	}

	subscribed(filter: string, done: SubscribeDone | undefined, error: ClientError | undefined, granted?: number): void {
		if (done !== undefined) this.emit({ kind: "subscribed", done, error, granted });
		else if (error !== undefined) this.log("warn", error.message, { filter });
	}

	/** Sees to it that the outbox is looked at when its first message expires. */
	armExpiry(): void {
		const next = this.outgoing.outbox.nextExpiry;
		if (next !== undefined) this.deadlines.set("expiry", next);
	}

	/** Says DISCONNECT with a reason, where the version has one and no packet is cut short by it. */
	disconnect(reasonCode: number): void {
		const { version, writable, isMidPacket } = this.wire;
		if (version < 5 || !writable || isMidPacket) return;
		this.emit({ kind: "send", bytes: encodeDisconnect({ cmd: "disconnect", reasonCode }, version) });
	}

	private report(message: OutboxMessage, error: ClientError | undefined): void {
		const { done } = message;
		message.done = undefined;
		if (done !== undefined) this.emit({ kind: "published", done, error });
		else if (error !== undefined && error.code !== "ended") this.log("warn", error.message);
	}
}
