import type { Millis } from "../ports/index.ts";
import { publish, subscribe, unsubscribe } from "./application.ts";
import { retry, start, type VisitOptions, visit } from "./connection.ts";
import type { Context } from "./context.ts";
import { ClientCore } from "./core.ts";
import { end } from "./ending.ts";
import { textOf } from "./errors.ts";
import type { MessageHandler, PublishDone, PublishOptions, SubscribeDone, SubscribeOptions } from "./message.ts";
import { type ClientOptions, settingsFrom } from "./options.ts";
import { bytesOf, type Payload } from "./payload.ts";
import { type Ports, Pump } from "./pump.ts";
import { load, type Saved } from "./saved.ts";
import type { ClientState, DisconnectReason } from "./state.ts";

/** One handler on one filter. */
export interface SubscriptionHandle {
	/** Calls the handler no more; the broker is told when it was the last one of its filter. Safe to call twice. */
	unsubscribe(): void;
}

/**
 * An MQTT client that keeps its connection up. Nothing is thrown out of callbacks of the transport or the timers: what
 * handlers throw is caught and goes to the Log. Every method may be called from within a handler.
 */
export class Client {
	readonly #pump: Pump;

	/** Throws UsageError for options that are wrong, saying which and what is allowed. */
	constructor(options: ClientOptions, ports: Ports) {
		const endpoint = ports.transport.endpoint;
		const settings = settingsFrom(options);
		const saved = loadFrom(ports, endpoint);
		const core = new ClientCore({ settings, endpoint, random: ports.random, saved }, ports.clock.now());
		this.#pump = new Pump(core, ports);
	}

	get state(): ClientState {
		return this.#pump.context.state;
	}

	/** Messages that were accepted by `publish` and are not settled. */
	get pending(): number {
		return this.#pump.context.outgoing.outbox.size;
	}

	/** Connects, and keeps connecting until `end`. May be called again after it. */
	start(): void {
		this.tell(start, undefined);
	}

	/**
	 * One visit of a device that sleeps in between: connects, subscribes, delivers what waits and takes what the broker has
	 * kept, for `listen` ms (default 0), then says DISCONNECT. Handlers may publish meanwhile. Resolves when it is over:
	 * undefined if all was done, else why not; never rejects. What `persist` keeps goes out with the next visit.
	 */
	visit(options: VisitOptions): Promise<DisconnectReason | undefined> {
		return new Promise((resolve) => {
			this.whenEnded(resolve);
			this.tell(visit, options);
		});
	}

	/** Tries again at once if it waits for the next attempt: to be called when the network has come back. */
	retry(): void {
		this.tell(retry, undefined);
	}

	/**
	 * Writes what waits at QoS 0, sends DISCONNECT, so that the will does not fire, and closes. Resolves when closed, and
	 * never rejects. With `drain`, first waits up to that many ms for everything to be acknowledged, connecting if need be.
	 */
	end(options: { readonly drain?: Millis } = {}): Promise<void> {
		return new Promise((resolve) => {
			this.whenEnded(() => resolve());
			this.tell(end, options.drain);
		});
	}

	/**
	 * Publishes, now or when there is a connection. `done` is called once, never synchronously in an error of the caller's:
	 * that is a UsageError, thrown. A payload given as bytes must not be changed before `done`; one that does not fit into
	 * memory is given as a PayloadSource, and read in pieces as the transport takes them. One that cannot be read to its end
	 * costs the connection, too: the broker was told its length.
	 */
	publish(topic: string, payload: string | Payload, options: PublishOptions = {}, done?: PublishDone): void {
		publish(this.#pump.request(), topic, bytesOf(payload), options, done);
		this.#pump.drain();
	}

	/** `publish` as a promise. Its rejection must be handled: on XS an unhandled one ends the machine. */
	publishAsync(topic: string, payload: string | Payload, options: PublishOptions = {}): Promise<void> {
		return new Promise((resolve, reject) => {
			this.publish(topic, payload, options, (error) => (error === undefined ? resolve() : reject(error)));
		});
	}

	/**
	 * Calls `handler` for every message whose topic the filter matches; once, also when several of its filters match. The
	 * subscription survives reconnects. Throws UsageError for a filter that no broker can take.
	 */
	subscribe(
		filter: string,
		handler: MessageHandler,
		options: SubscribeOptions = {},
		done?: SubscribeDone,
	): SubscriptionHandle {
		const registration = subscribe(this.#pump.request(), filter, handler, options, done);
		this.#pump.drain();
		return {
			unsubscribe: () => {
				if (registration === undefined) return;
				unsubscribe(this.#pump.request(), registration);
				this.#pump.drain();
			},
		};
	}

	/** `subscribe` as a promise, which is rejected when the broker refuses. */
	subscribeAsync(filter: string, handler: MessageHandler, options: SubscribeOptions = {}): Promise<SubscriptionHandle> {
		return new Promise((resolve, reject) => {
			const handle = this.subscribe(filter, handler, options, (error) =>
				error === undefined ? resolve(handle) : reject(error),
			);
		});
	}

	/** Tells the core that something happened. */
	protected tell<T>(event: (context: Context, subject: T) => void, subject: T): void {
		this.#pump.tell(event, subject);
	}

	private whenEnded(told: (reason: DisconnectReason | undefined) => void): void {
		const context = this.#pump.context;
		context.whenEnded = context.whenEnded.concat(told);
	}
}

// A store that cannot be read is no reason not to run: the client starts as if it were new.
function loadFrom(ports: Ports, endpoint: string): Saved {
	try {
		return load(ports.store, endpoint);
	} catch (error) {
		ports.log?.write("error", `The store cannot be read: ${textOf(error)}`);
		return load(undefined, endpoint);
	}
}
