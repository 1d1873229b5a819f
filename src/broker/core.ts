import type { Millis } from "../ports/index.ts";
import { ALLOW_ALL } from "./access.ts";
import { ActionQueue } from "./action-queue.ts";
import type { AuthVerdict, BrokerAction, ConnectionId, ConnectionInfo, LocalPublish, SessionInfo } from "./actions.ts";
import { announceCommitted } from "./announce.ts";
import { Announcements } from "./announcements.ts";
import { hasCaughtUp } from "./backpressure.ts";
import type { Broker } from "./broker.ts";
import { CONNECTION_LOST, disconnect, ended } from "./close.ts";
import { BLOCKED_BY, type Connection } from "./connection.ts";
import { receive, resume } from "./consume.ts";
import { Deadlines } from "./deadlines.ts";
import { Denials } from "./denials.ts";
import { Episodes } from "./episodes.ts";
import { releaseCommitted } from "./gates.ts";
import { gather } from "./gather.ts";
import { Journal } from "./journal.ts";
import { HUB_LIMITS, type LiveLimits } from "./limits.ts";
import { onTimer } from "./on-timer.ts";
import { onVerdict } from "./on-verdict.ts";
import { openConnection } from "./open.ts";
import type { BrokerOptions } from "./options.ts";
import { FREE_PASSAGE } from "./passage.ts";
import { publishLocal } from "./publish-local.ts";
import { RecordWriter } from "./record-writer.ts";
import { restore } from "./restore.ts";
import { RetainedMessages } from "./retained.ts";
import { Routes } from "./routes.ts";
import { endSession } from "./sessions.ts";
import { shutDown } from "./shutdown.ts";
import { Slab } from "./slab.ts";
import { BrokerStats } from "./stats.ts";
import { endWaiting } from "./store-outage.ts";

/**
 * An MQTT broker without sockets, timers, clock or disk. The host reports what happens and the time, then drains `poll`
 * and carries out what it says. Times are of one monotonic clock.
 */
export class BrokerCore {
	readonly #broker: Broker;

	/** Throws RecordError if `options.state` cannot be read. Drain `poll` afterwards: loading may have found work. */
	constructor(options: BrokerOptions) {
		this.#broker = assemble(options);
		if (options.state === undefined) return;
		restore(this.#broker, options.state);
		// What fell due while the broker was away comes before the first client, who may resume a session that has ended.
		this.tick(this.#broker.now);
	}

	/** Counters for $SYS and metrics; the object stays the same. */
	get stats(): Readonly<BrokerStats> {
		return this.#broker.stats;
	}

	/** A transport connected. */
	open(connection: ConnectionId, info: ConnectionInfo, now: Millis): void {
		this.#broker.now = now;
		openConnection(this.#broker, connection, info);
	}

	/** Bytes arrived, of any cut. The buffer is the core's from now on: it may send parts of it on, later. */
	receive(connection: ConnectionId, bytes: Uint8Array, now: Millis): void {
		const target = this.#find(connection, now);
		if (target !== undefined) receive(this.#broker, target, bytes);
	}

	/** The host's buffer for the connection is full (false) or has drained (true). Until then messages queue up here. */
	writable(connection: ConnectionId, flag: boolean, now: Millis): void {
		const target = this.#find(connection, now);
		if (target === undefined || target.writable === flag) return;
		target.writable = flag;
		const { deadlines, limits, actions } = this.#broker;
		if (!flag) {
			target.output.own();
			deadlines.set(target.stallTimer, now + limits.stallTimeout);
			return;
		}
		deadlines.clear(target.stallTimer);
		actions.touch(target);
		resume(this.#broker, target, BLOCKED_BY.OUTPUT);
	}

	/** The transport ended on its own. */
	closed(connection: ConnectionId, now: Millis): void {
		const target = this.#find(connection, now);
		if (target !== undefined) ended(this.#broker, target, CONNECTION_LOST, false);
	}

	/** The answer to `authenticate`. Late answers for connections that are gone are ignored. */
	authenticated(connection: ConnectionId, verdict: AuthVerdict, now: Millis): void {
		const target = this.#find(connection, now);
		if (target === undefined || (target.blocked & BLOCKED_BY.AUTHENTICATION) === 0) return;
		onVerdict(this.#broker, target, verdict);
		resume(this.#broker, target, BLOCKED_BY.AUTHENTICATION);
	}

	/** All writes up to and including this batch are durable. */
	committed(batch: number, now: Millis): void {
		const broker = this.#broker;
		broker.now = now;
		if (!broker.journal.commit(batch)) return;
		releaseCommitted(broker);
		announceCommitted(broker);
		this.#resumeBehind();
	}

	/**
	 * The store cannot take writes (false; for instance, the disk is full) or can again (true). While it cannot, QoS 1
	 * and 2 messages of clients are refused, those too that wait for their acknowledgement. Batches that were handed out
	 * are still to be committed, in order.
	 */
	storeAvailable(flag: boolean, now: Millis): void {
		const broker = this.#broker;
		broker.now = now;
		broker.isStoreAvailable = flag;
		if (!flag) endWaiting(broker);
		this.#resumeBehind();
	}

	/** Publishes a message of the host itself, with every right. Throws UsageError on an invalid topic. */
	publish(message: LocalPublish, now: Millis): void {
		this.#broker.now = now;
		publishLocal(this.#broker, message);
	}

	/**
	 * Whether `poll` is to tell of each message of a client, its will among them, that the broker takes. Off at first, and
	 * then nothing is done for it. What the host itself publishes is never told.
	 */
	announcePublished(flag: boolean): void {
		this.#broker.announcements.isWanted = flag;
	}

	/** Rights have changed: what AccessControl has answered is forgotten. */
	rightsChanged(): void {
		this.#broker.routes.forget();
		this.#broker.denials.forget();
	}

	/**
	 * Other limits from now on. What is over a lower one already stays, until it changes itself; what a client was told in
	 * CONNACK holds for its connection.
	 */
	changeLimits(limits: Partial<LiveLimits>): void {
		this.#broker.limits = { ...this.#broker.limits, ...limits };
	}

	/** The system's clock was set, or stands otherwise to the monotonic time: what is stored from now on goes by it. */
	changeEpoch(epoch: Millis): void {
		this.#broker.epoch = epoch;
	}

	/** Ends a client's connection on the host's behalf, for instance because its user is gone. False: no such client. */
	disconnectClient(clientId: string, reasonCode: number, message: string, now: Millis): boolean {
		this.#broker.now = now;
		const connection = this.#broker.sessions.get(clientId)?.connection;
		if (connection === undefined) return false;
		disconnect(this.#broker, connection, { reasonCode, message });
		return true;
	}

	/** Every session, of clients that are connected or away. */
	*sessions(): IterableIterator<SessionInfo> {
		for (const { clientId, username, subscriptions, connection } of this.#broker.sessions.values()) {
			yield { clientId, username, filters: [...subscriptions.keys()], info: connection?.info };
		}
	}

	/** Whether there is a session of this client, connected or away, and it is this user's. */
	hasSessionOf(clientId: string, username: string): boolean {
		return this.#broker.sessions.get(clientId)?.username === username;
	}

	/** Ends the session of a client that is away. False: there is none, or the client is connected. */
	endSession(clientId: string, now: Millis): boolean {
		this.#broker.now = now;
		const session = this.#broker.sessions.get(clientId);
		if (session === undefined || session.connection !== undefined) return false;
		endSession(this.#broker, session);
		return true;
	}

	/**
	 * Closes every connection, MQTT 5 clients with a reason. Wills stay in the store and are published after a restart
	 * (MQTT 5 section 3.1.2.5 allows it): the clients did nothing wrong, and most come back.
	 */
	shutdown(now: Millis): void {
		this.#broker.now = now;
		shutDown(this.#broker);
	}

	/** Does what is due. Call it at `nextTimeout`, or whenever. */
	tick(now: Millis): void {
		const broker = this.#broker;
		broker.now = now;
		for (let due = broker.deadlines.takeDue(now); due !== undefined; due = broker.deadlines.takeDue(now)) {
			onTimer(broker, due);
		}
	}

	/** What to do next, or undefined: nothing for now. */
	poll(): BrokerAction | undefined {
		const broker = this.#broker;
		// What is gathered from the queues may have to be written first: the journal is asked again after it.
		return broker.actions.shift() ?? takeBatch(broker) ?? gather(broker) ?? takeBatch(broker);
	}

	/** When `tick` must be called next, as a point in time; undefined: nothing is due. */
	nextTimeout(): Millis | undefined {
		return this.#broker.deadlines.next;
	}

	#find(connection: ConnectionId, now: Millis): Connection | undefined {
		this.#broker.now = now;
		return this.#broker.connections.get(connection);
	}

	#resumeBehind(): void {
		if (!hasCaughtUp(this.#broker)) return;
		const behind = [...this.#broker.behind];
		this.#broker.behind.clear();
		for (const connection of behind) resume(this.#broker, connection, BLOCKED_BY.STORE);
	}
}

function takeBatch(broker: Broker): BrokerAction | undefined {
	const taken = broker.journal.take();
	if (taken === undefined) return undefined;
	return { kind: "commit", ...taken, isUrgent: taken.isUrgent || isAwaited(broker) || !hasCaughtUp(broker) };
}

/** Whether anybody waits for a commit. */
function isAwaited({ waiting, behind, announcements }: Broker): boolean {
	return waiting.size > 0 || behind.size > 0 || announcements.bytes > 0;
}

function assemble(options: BrokerOptions): Broker {
	const limits = { ...HUB_LIMITS, ...options.limits };
	const access = options.access ?? ALLOW_ALL;
	const actions = new ActionQueue();
	const stats = new BrokerStats();
	return {
		now: options.now ?? 0,
		epoch: options.epoch ?? 0,
		limits,
		random: options.random,
		access,
		passage: options.passage ?? FREE_PASSAGE,
		serverKeepAlive: options.serverKeepAlive,
		authenticationMethods: options.authenticationMethods ?? [],
		responseInformation: options.responseInformation ?? (() => undefined),
		connections: new Map(),
		sessions: new Map(),
		routes: new Routes(limits.routeCache, (session, topic) => access.authorizeDelivery(session, topic)),
		retained: new RetainedMessages(),
		deadlines: new Deadlines(),
		journal: new Journal(),
		recordWriter: new RecordWriter(),
		slab: new Slab(),
		waiting: new Set(),
		behind: new Set(),
		actions,
		announcements: new Announcements(),
		denials: new Denials(actions),
		episodes: new Episodes(actions, stats),
		stats,
		lastId: 0,
		isStoreAvailable: true,
		isShutDown: false,
	};
}
