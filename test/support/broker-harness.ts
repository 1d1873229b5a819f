import {
	type AuthVerdict,
	type BrokerAction,
	BrokerCore,
	type BrokerEvent,
	type BrokerOptions,
	type ConnectionId,
	type PublishedMessage,
} from "../../src/broker/index.ts";
import type { Millis } from "../../src/ports/index.ts";
import { BrokerPeer, type ConnectOptions } from "./broker-peer.ts";
import { SeededRandom } from "./seeded-random.ts";
import { SimulatedStore } from "./simulated-store.ts";

type AuthRequest = Extract<BrokerAction, { kind: "authenticate" }>;

export interface HarnessOptions extends Partial<BrokerOptions> {
	/** The verdict on a client, or undefined: the test gives it later. Default: everybody is welcome. */
	readonly authenticate?: (request: AuthRequest) => AuthVerdict | undefined;
	/** False: batches wait until the test calls `commit`. Default true. */
	readonly commitsAtOnce?: boolean;
	/** True: batches are called durable at once, although they are not until the test calls `commit`. */
	readonly commitsTooEarly?: boolean;
}

/** A broker core, with its host and the time played by a test. */
export class BrokerHarness {
	core: BrokerCore;
	readonly store = new SimulatedStore();
	/** Everything that was reported. */
	readonly events: BrokerEvent[] = [];
	/** The messages that were announced. */
	readonly published: PublishedMessage[] = [];
	/** What the host was asked and has not answered. */
	readonly requests: AuthRequest[] = [];
	/** What was handed out and is not durable, oldest first. */
	readonly batches: Extract<BrokerAction, { kind: "commit" }>[] = [];
	readonly #options: HarnessOptions;
	readonly #peers = new Map<ConnectionId, BrokerPeer>();
	#lastConnection = 0;
	#now: Millis = 1_000;

	constructor(options: HarnessOptions = {}) {
		this.#options = options;
		this.store.fill(options.state ?? []);
		this.#now = options.now ?? this.#now;
		this.core = this.#makeCore();
	}

	get now(): Millis {
		return this.#now;
	}

	/** Opens a transport and sends nothing. */
	open(version: BrokerPeer["version"] = 4): BrokerPeer {
		const connection = ++this.#lastConnection;
		const peer = new BrokerPeer(this, connection, version);
		this.#peers.set(connection, peer);
		this.core.open(connection, { address: "192.0.2.1", listener: "default", transport: "tcp" }, this.#now);
		this.drain();
		return peer;
	}

	/** Connects a client and takes its CONNACK, which must be an acceptance. */
	connect(options: ConnectOptions = {}): BrokerPeer {
		const peer = this.open(options.version);
		peer.sendConnect(options);
		const connack = peer.takeOne("connack");
		if (connack.reasonCode !== 0) throw new Error(`Refused with code ${connack.reasonCode}.`);
		peer.connack = connack;
		return peer;
	}

	/** Lets time pass, with every deadline at its moment. */
	advance(span: Millis): void {
		const end = this.#now + span;
		for (let next = this.core.nextTimeout(); next !== undefined && next <= end; next = this.core.nextTimeout()) {
			this.#now = Math.max(this.#now, next);
			this.core.tick(this.#now);
			this.drain();
		}
		this.#now = end;
		this.core.tick(end);
		this.drain();
	}

	/** Carries out what the core wants done. */
	drain(): void {
		for (let action = this.core.poll(); action !== undefined; action = this.core.poll()) this.#perform(action);
	}

	/** Makes the oldest batches durable: all, or as many as given. */
	commit(count = this.batches.length): void {
		for (const { batch, writes } of this.batches.splice(0, count)) {
			this.store.apply(writes);
			this.core.committed(batch, this.#now);
		}
		this.drain();
	}

	/** The process ends without warning, and starts again with what was durable. Time goes on. */
	crash(): void {
		for (const peer of this.#peers.values()) peer.isClosed = true;
		this.#peers.clear();
		this.batches.length = 0;
		this.requests.length = 0;
		this.core = this.#makeCore();
		this.drain();
	}

	/** The peer's transport ends, as seen by the host. */
	lose(connection: ConnectionId): void {
		this.#peers.delete(connection);
		this.core.closed(connection, this.#now);
		this.drain();
	}

	/** The events of one kind. */
	eventsOf<K extends BrokerEvent["kind"]>(kind: K): Extract<BrokerEvent, { kind: K }>[] {
		return this.events.filter((event): event is Extract<BrokerEvent, { kind: K }> => event.kind === kind);
	}

	#makeCore(): BrokerCore {
		const state = this.store.rows();
		return new BrokerCore({ random: new SeededRandom(1), ...this.#options, now: this.#now, state });
	}

	#perform(action: BrokerAction): void {
		switch (action.kind) {
			case "send":
				return this.#peers.get(action.connection)?.receive(action.chunks);
			case "close":
				this.#peers.get(action.connection)?.close();
				this.#peers.delete(action.connection);
				return;
			case "read":
				return this.#peers.get(action.connection)?.setReading(action.flag);
			case "authenticate":
				return this.#authenticate(action);
			case "commit":
				return this.#commit(action);
			case "event":
				return this.#note(action.event);
			case "published":
				this.published.push(action.message);
				return;
		}
	}

	#authenticate(request: AuthRequest): void {
		const ask = this.#options.authenticate ?? (() => ({ allow: true }) as const);
		const verdict = ask(request);
		if (verdict === undefined) this.requests.push(request);
		else this.core.authenticated(request.connection, verdict, this.#now);
	}

	#commit(action: Extract<BrokerAction, { kind: "commit" }>): void {
		if (this.#options.commitsAtOnce === false) {
			this.batches.push(action);
			if (this.#options.commitsTooEarly === true) this.core.committed(action.batch, this.#now);
			return;
		}
		this.store.apply(action.writes);
		this.core.committed(action.batch, this.#now);
	}

	#note(event: BrokerEvent): void {
		if (event.kind === "fault") throw new Error(`The core has a defect: ${event.message}`);
		this.events.push(event);
	}
}
