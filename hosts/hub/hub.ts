import { randomInt } from "node:crypto";
import type { EventEmitter } from "node:events";
import type { Socket } from "node:net";
import { type Duplex, duplexPair } from "node:stream";
import {
	BrokerCore,
	type BrokerEvent,
	type BrokerLimits,
	type BrokerStats,
	type ConnectionInfo,
	HUB_LIMITS,
	type LiveLimits,
	type LocalPublish,
	RecordError,
	type SessionInfo,
} from "../../src/broker/index.ts";
import { REASON } from "../../src/codec/index.ts";
import type { Log, Millis, Seconds } from "../../src/ports/index.ts";
import { AddressLimit, CONNECTIONS_PER_ADDRESS } from "./address-limit.ts";
import { epoch, now } from "./clock.ts";
import { logEvent, oneLine } from "./event-log.ts";
import { HubEmitter, type HubEvents } from "./hub-events.ts";
import { authenticatorOf, DEFAULT_LISTENERS, type HubOptions } from "./hub-options.ts";
import { INSIDER, type InsiderOptions, Insiders } from "./insiders.ts";
import { type Listener, type ListenerAddress, type ListenerContext, peerHost } from "./listener.ts";
import type { ListenerOptions } from "./listener-options.ts";
import { SILENT } from "./log.ts";
import { openListener } from "./open-listener.ts";
import { HostCounters, listenHttp, Operation } from "./operation/index.ts";
import { checkNames } from "./option-names.ts";
import { Pump } from "./pump.ts";
import { CONNECTION_LIMITS } from "./socket-connection.ts";
import { type HubStore, MemoryStore, StoreError, type StoreTrouble } from "./store/index.ts";
import { TcpConnection } from "./tcp-connection.ts";
import { Throttle } from "./throttle.ts";

/** Limits that can change while the hub runs. */
export interface HubLimits extends LiveLimits {
	/** Connections from one address at one time. */
	readonly connectionsPerAddress: number;
}

/** A running broker. */
export interface Hub {
	/** Where it listens, in the order of the options, with the real ports. */
	readonly addresses: readonly ListenerAddress[];
	/** What a listener throws, or the promise of one rejects with, is logged, and the hub goes on. */
	readonly events: EventEmitter<HubEvents>;
	readonly stats: Readonly<BrokerStats>;
	/** The figures in the text format of Prometheus. */
	metrics(): Promise<string>;
	/**
	 * A connection from within the process, for any MQTT client: what is written is what a client sends. It needs no
	 * password and may do everything. `name` is for the log.
	 */
	connect(name: string, options?: InsiderOptions): Duplex;
	/** Every session, of clients that are connected or away. */
	sessions(): IterableIterator<SessionInfo>;
	/** Ends the session of a client that is away. False: there is none, or the client is connected. */
	endSession(clientId: string): boolean;
	/** Publishes on behalf of the host itself, without the event `published`. Throws `UsageError` for an impossible topic. */
	publish(message: LocalPublish): void;
	/** `access` answers differently from now on: what it answered before is forgotten. */
	rightsChanged(): void;
	/** Other limits from now on, of those that can change while the broker runs. */
	changeLimits(limits: Partial<HubLimits>): void;
	/** Seconds between two publications of `$SYS` from now on; 0: none. */
	changeSysInterval(interval: Seconds): void;
	/** Ends a client's connection, with the reason 0x98 (administrative action) in MQTT 5. False: there is no such client. */
	disconnect(clientId: string, message: string): boolean;
	/** Reads the certificates of all listeners again. What is wrong with them; those keep what they had. */
	reloadCertificates(): readonly string[];
	/**
	 * Accepts nothing more, tells the clients of MQTT 5 that the server shuts down (0x8B), closes every connection and
	 * the store. Takes at most a few seconds, however slow the peers are. Safe to call twice.
	 */
	close(): Promise<void>;
}

/**
 * Starts a broker. Rejects with `ListenError` when a listener cannot be opened, and with `StoreError` when the store holds
 * what cannot be read, and with `UsageError` for what makes no sense; then nothing is left open, the store neither.
 */
export async function createHub(options: HubOptions = {}): Promise<Hub> {
	const store = options.store ?? new MemoryStore();
	await withStore(store, () => checkNames(options));
	return openHub({ ...options, store }, {});
}

/** What the program itself hangs on a hub: not on its emitter, whose listeners are the users' to add and to remove. */
export interface HubWiring {
	/** Takes each event before the listeners do. May not throw. */
	readonly observe?: (event: BrokerEvent) => void;
	/** What it counts of itself, for its metrics. */
	readonly counters?: HostCounters;
}

/** The same, wired to the rest of the program. */
export async function openHub(options: HubOptions, wiring: HubWiring): Promise<Hub> {
	const store = options.store ?? new MemoryStore();
	const hub = await withStore(store, () => new RunningHub(options, store, wiring));
	await hub.listen();
	return hub;
}

/** Closes the store if a hub on it cannot be made. */
async function withStore<T>(store: HubStore, make: () => T): Promise<T> {
	try {
		return make();
	} catch (error) {
		await store.close();
		throw error instanceof RecordError ? StoreError.damaged(store.name, error.message, error) : error;
	}
}

/** Milliseconds between two reports of connections that a listener could not take. */
const DROP_REPORTS: Millis = 10_000;
/** Between two looks at the system's clock. */
const CLOCK_CHECKS: Millis = 10_000;
/** As many numbers as `randomInt` tells apart. */
const RANDOM_RANGE = 2 ** 48 - 1;
/** Mosquitto's. */
const DEFAULT_SYS_INTERVAL: Seconds = 10;

class RunningHub implements Hub {
	readonly events = new HubEmitter({
		publishedWanted: (flag) => this.#core.announcePublished(flag),
		fault: (what, error) => this.#fault(what, error),
	});
	readonly #options: HubOptions;
	readonly #wiring: HubWiring;
	readonly #log: Log;
	readonly #store: HubStore;
	readonly #core: BrokerCore;
	readonly #pump: Pump;
	readonly #addressLimit: AddressLimit;
	readonly #operation: Operation;
	readonly #insiders = new Insiders();
	readonly #clockChecks: NodeJS.Timeout;
	#limits: BrokerLimits;
	#listeners: readonly Listener[] = [];
	#closing: Promise<void> | undefined;

	constructor(options: HubOptions, store: HubStore, wiring: HubWiring) {
		this.#options = options;
		this.#wiring = wiring;
		this.#log = options.log ?? SILENT;
		this.#limits = { ...HUB_LIMITS, ...options.limits };
		this.#store = store;
		this.#addressLimit = new AddressLimit(options.connectionsPerAddress ?? CONNECTIONS_PER_ADDRESS);
		this.#core = new BrokerCore({
			random: { next: randomFraction },
			epoch: epoch(),
			now: now(),
			state: store.load(),
			authenticationMethods: options.authenticationMethods ?? [],
			...(options.limits === undefined ? {} : { limits: options.limits }),
			...(options.access === undefined ? {} : { access: this.#insiders.access(options.access) }),
			...(options.passage === undefined ? {} : { passage: options.passage }),
			...(options.serverKeepAlive === undefined ? {} : { serverKeepAlive: options.serverKeepAlive }),
		});
		this.#pump = new Pump(this.#core, {
			authenticate: this.#insiders.authenticate(authenticatorOf(options), (id) => this.#core.hasSessionOf(id, INSIDER)),
			store: this.#store,
			event: (event) => this.#report(event),
			published: (message) => this.events.tellPublished(message),
			fault: (what, error) => this.#fault(what, error),
		});
		this.#operation = new Operation({
			stats: this.#core.stats,
			publish: (message) => this.#pump.call(() => this.#core.publish(message, now())),
			counters: wiring.counters ?? new HostCounters(),
			http: options.http ?? {},
			sysInterval: options.sysInterval ?? DEFAULT_SYS_INTERVAL,
		});
		this.#clockChecks = setInterval(() => this.#core.changeEpoch(epoch()), CLOCK_CHECKS).unref();
		store.watch((trouble) => this.#reportStore(trouble));
		this.#pump.wake(); // reading the state may have found work
	}

	get addresses(): readonly ListenerAddress[] {
		return this.#listeners.flatMap((listener) => listener.address ?? []);
	}

	get stats(): Readonly<BrokerStats> {
		return this.#core.stats;
	}

	async listen(): Promise<void> {
		const wanted = Object.entries(this.#options.listeners ?? DEFAULT_LISTENERS);
		const opening = [...wanted.map(([name, options]) => this.#open(name, options)), ...this.#openHttp()];
		const attempts = await Promise.allSettled(opening);
		this.#listeners = attempts.flatMap((attempt) => (attempt.status === "fulfilled" ? [attempt.value] : []));
		const failed = attempts.find((attempt) => attempt.status === "rejected");
		if (failed === undefined) return this.#operation.start(wanted.length);
		await this.close();
		throw failed.reason;
	}

	metrics(): Promise<string> {
		return this.#operation.metrics.text();
	}

	sessions(): IterableIterator<SessionInfo> {
		return this.#core.sessions();
	}

	endSession(clientId: string): boolean {
		const ended = this.#core.endSession(clientId, now());
		this.#pump.wake();
		return ended;
	}

	connect(name: string, options: InsiderOptions = {}): Duplex {
		const [client, broker] = duplexPair();
		// A stream has all that a connection uses of a socket.
		this.#pump.accept(new TcpConnection(broker as Socket, CONNECTION_LIMITS), this.#insiders.admit(name, options));
		return client;
	}

	publish(message: LocalPublish): void {
		this.#core.publish(message, now());
		this.#pump.wake();
	}

	rightsChanged(): void {
		this.#core.rightsChanged();
	}

	changeLimits({ connectionsPerAddress, ...limits }: Partial<HubLimits>): void {
		this.#core.changeLimits(limits);
		this.#limits = { ...this.#limits, ...limits };
		this.#addressLimit.most = connectionsPerAddress ?? this.#addressLimit.most;
	}

	changeSysInterval(interval: Seconds): void {
		this.#operation.changeSysInterval(interval);
	}

	disconnect(clientId: string, message: string): boolean {
		const wasConnected = this.#core.disconnectClient(clientId, REASON.ADMINISTRATIVE_ACTION, message, now());
		this.#pump.wake();
		return wasConnected;
	}

	reloadCertificates(): readonly string[] {
		return this.#listeners.flatMap((listener) => listener.reload?.() ?? []);
	}

	close(): Promise<void> {
		this.#closing ??= this.#close();
		return this.#closing;
	}

	async #close(): Promise<void> {
		this.#operation.stop();
		clearInterval(this.#clockChecks);
		for (const listener of this.#listeners) listener.close();
		this.#pump.call(() => this.#core.shutdown(now()));
		await this.#pump.finish();
		await this.#store.close();
	}

	async #open(name: string, options: ListenerOptions): Promise<Listener> {
		return openListener(this.#context(name, options));
	}

	#openHttp(): Promise<Listener>[] {
		const { answerHere } = this.#operation;
		const { host, port } = this.#options.http ?? {};
		if (answerHere === undefined || port === undefined) return [];
		const options = { type: "ws", port, maxConnections: 100, ...(host === undefined ? {} : { host }) } as const;
		// Who watches must not be shut out by a crowd from its own address.
		return [listenHttp({ ...this.#context("http", options), options, admit: () => true }, answerHere)];
	}

	#context(name: string, options: ListenerOptions): ListenerContext {
		const throttle = new Throttle(DROP_REPORTS);
		const dropped = (reason: string, address?: string) => {
			this.#operation.counters.dropped(name);
			const unreported = throttle.pass();
			if (unreported === undefined) return;
			const peer = address === undefined ? {} : { address };
			this.#log.write("warn", "connection dropped", { listener: name, ...peer, reason, unreported });
		};
		return {
			name,
			options,
			maxPacket: () => Math.min(this.#limits.maxPacket, options.maxPacket ?? this.#limits.maxPacket),
			maxConnect: () => this.#limits.maxConnect,
			connectTimeout: () => this.#limits.connectTimeout,
			log: this.#log,
			admit: (socket) => this.#admit(socket, dropped),
			accept: (connection, info) => this.#pump.accept(connection, withLimit(info, options)),
			answer: this.#operation.answerThere,
			dropped,
		};
	}

	#admit(socket: Socket, dropped: (reason: string) => void): boolean {
		if (this.#addressLimit.admit(socket)) return true;
		this.#operation.counters.perAddress++;
		dropped(`more than ${this.#addressLimit.most} connections from ${peerHost(socket)}`);
		return false;
	}

	#report(event: BrokerEvent): void {
		logEvent(this.#log, event);
		this.#wiring.observe?.(event);
		this.events.tell(event);
	}

	#reportStore(trouble: StoreTrouble): void {
		this.#operation.storeChanged(trouble);
		this.#pump.call(() => this.#core.storeAvailable(trouble === undefined, now()));
		if (trouble === undefined) this.#log.write("info", "the store can be written again");
		else {
			this.#log.write("error", "the store cannot be written: messages of QoS 1 and 2 are refused", { reason: trouble });
		}
	}

	#fault(what: string, error: unknown): void {
		const trace = error instanceof Error ? (error.stack ?? error.message) : String(error);
		this.#log.write("error", `${what}: ${oneLine(trace)}`);
	}
}

/** From 0 to 1. Not to be foretold: who knows a client id to come can take it first. */
function randomFraction(): number {
	return randomInt(RANDOM_RANGE) / RANDOM_RANGE;
}

function withLimit(info: ConnectionInfo, { maxPacket }: ListenerOptions): ConnectionInfo {
	return maxPacket === undefined ? info : { ...info, maxPacket };
}
