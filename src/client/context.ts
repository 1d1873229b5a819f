import { encodeDisconnect, REASON } from "../codec/index.ts";
import type { Millis, Random } from "../ports/index.ts";
import { PacketIds, ReceivedIds } from "../session/index.ts";
import type { ClientAction, LogFields } from "./actions.ts";
import { Backoff } from "./backoff.ts";
import { type Deadline, Deadlines } from "./deadlines.ts";
import { EMPTY } from "./empty.ts";
import type { ClientError } from "./errors.ts";
import { Incoming } from "./incoming.ts";
import { encodeIds, seal } from "./journal.ts";
import { Keepalive } from "./keepalive.ts";
import { Ladder } from "./ladder.ts";
import type { SubscribeDone } from "./message.ts";
import type { Settings } from "./options.ts";
import { Outgoing } from "./outgoing.ts";
import { Requests } from "./requests.ts";
import { RECEIVED_KEY, type Saved } from "./saved.ts";
import { DEFAULT_SERVER, type ServerLimits } from "./server-limits.ts";
import type { ClientState, DisconnectReason } from "./state.ts";
import { Subscriptions } from "./subscriptions.ts";
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
export class Context {
	readonly settings: Settings;
	readonly random: Random;
	/** Names the broker: what is remembered of it belongs to it alone. */
	readonly endpoint: string;
	readonly actions: ClientAction[] = [];
	readonly deadlines = new Deadlines();
	readonly backoff: Backoff;
	readonly ladder: Ladder;
	readonly keepalive = new Keepalive();
	readonly wire: Wire;
	readonly ids: PacketIds;
	readonly outgoing: Outgoing;
	readonly received: ReceivedIds;
	/** Of this connection, or the last. */
	incoming = new Incoming();
	readonly subscriptions: Subscriptions;
	readonly requests: Requests;
	/** Of this connection, or the last. */
	server: ServerLimits = DEFAULT_SERVER;
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
	/** Who waits for the client's end, and is told why it came. */
	whenEnded: readonly ((reason: DisconnectReason | undefined) => void)[] = EMPTY;
	/** How long a visit stays online for what the broker has for us; 0 once that is over. */
	listen: Millis = 0;

	constructor(settings: Settings, endpoint: string, random: Random, saved: Saved, clientId: string) {
		const limits = settings.limits;
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
		this.outgoing = settings.exchange?.outgoing(this) ?? new Outgoing(this);
		this.received = new ReceivedIds(limits.maxInflight);
		this.subscriptions = new Subscriptions(limits, settings.onMessage);
		this.requests = new Requests(this);
	}

	emit(action: ClientAction): void {
		this.actions.push(action);
	}

	/** Has a function of the application called. `what`: names it, should it throw. */
	call<A, B>(what: string, callback: (first: A, second: B) => void, first: A, second: B): void {
		this.emit({ kind: "call", what, callback: callback as (first: unknown, second: unknown) => void, first, second });
	}

	warn(message: string, fields?: LogFields): void {
		this.emit({ kind: "warn", message, fields });
	}

	enter(state: ClientState): void {
		this.state = state;
		const onState = this.settings.onState;
		if (onState !== undefined) this.call("onState", onState, state, undefined);
	}

	/** Whether there is a transport, ready or not. */
	get hasTransport(): boolean {
		return this.phase !== "idle" && this.phase !== "waiting";
	}

	/** Has a record written. */
	save(key: string, body: Uint8Array): void {
		this.emit({ kind: "store", key, value: seal(body) });
	}

	/** Has a record deleted. */
	forget(key: string): void {
		this.emit({ kind: "store", key, value: undefined });
	}

	/** Deletes a record that is not what it should be. */
	dropRecord(key: string): void {
		this.warn("A damaged record of the store was dropped.", { key });
		this.forget(key);
	}

	/** Writes the ids of incoming QoS 2 messages that wait for PUBREL. */
	saveReceived(): void {
		if (!this.settings.persist) return;
		// A deletion is possible where no write is: an id that stayed would cost the next message that has it.
		if (this.received.size === 0) this.forget(RECEIVED_KEY);
		else this.save(RECEIVED_KEY, encodeIds(this.received));
	}

	/** The session is lost, and with it what waits for PUBREL. */
	clearReceived(): void {
		if (this.received.size === 0) return;
		this.received.clear();
		this.saveReceived();
	}

	/** Tells who subscribed what became of it; where nobody wants to know, a failure is logged. */
	subscribed(filter: string, done: SubscribeDone | undefined, error: ClientError | undefined, granted?: number): void {
		if (done !== undefined) return this.call("subscribe callback", done, error, granted);
		if (error !== undefined) this.warn(error.message, { filter });
	}

	/** Waits for something, from now. */
	arm(deadline: Deadline, delay: Millis): void {
		this.deadlines.set(deadline, this.now + delay);
	}

	/** Sees to it that the connection is looked at when a PINGREQ, or the answer to it, is due. */
	armKeepalive(): void {
		const at = this.keepalive.deadline;
		if (at !== undefined) this.deadlines.set("keepalive", at);
	}

	/** Sees to it that a visit ends its stay in time. */
	armListen(): void {
		if (this.listen > 0) this.arm("listen", this.listen);
	}

	/** Sees to it that the outbox is looked at when a message expires. */
	armExpiry(at: Millis | undefined): void {
		if (at === undefined) return;
		const first = this.deadlines.get("expiry") ?? at;
		this.deadlines.set("expiry", Math.min(first, at));
	}

	/** Says DISCONNECT, where the version can say why and no packet is cut short by it. */
	disconnect(reasonCode: number): void {
		const wire = this.wire;
		const version = wire.version;
		if ((version < 5 && reasonCode !== REASON.SUCCESS) || !wire.writable || wire.isMidPacket) return;
		this.emit({ kind: "send", bytes: encodeDisconnect({ cmd: "disconnect", reasonCode }, version) });
	}
}
