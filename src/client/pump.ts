import type {
	Clock,
	Log,
	LogLevel,
	Millis,
	Random,
	Store,
	TimerHandle,
	Transport,
	TransportFailure,
} from "../ports/index.ts";
import type { ClientAction, LogFields } from "./actions.ts";
import type { ClientCore } from "./core.ts";
import { Link, type LinkOwner } from "./link.ts";
import type { Message, MessageHandler, StreamHandler } from "./message.ts";
import type { ClientState } from "./state.ts";

/** What a client needs of its platform. */
export interface Ports {
	readonly transport: Transport;
	readonly clock: Clock;
	readonly random: Random;
	/** Remembers what outlives a restart. One Store serves one client. */
	readonly store?: Store | undefined;
	readonly log?: Log | undefined;
}

export interface PumpListeners {
	readonly onState?: ((state: ClientState) => void) | undefined;
	/** Gets the messages that no handler takes. */
	readonly onMessage?: ((message: Message) => void) | undefined;
}

/** So many unforeseen errors in a row end the drain: the next event tries again. */
const ERRORS_PER_DRAIN = 3;

/**
 * Drives the core on a platform's ports: one mutation, drain, re-arm the timer. Nothing that the application's functions,
 * the ports or the core throw leaves a callback of the platform: on XS that would end the machine.
 */
export class Pump implements LinkOwner {
	readonly core: ClientCore;
	readonly #ports: Ports;
	readonly #listeners: PumpListeners;
	#link: Link | undefined;
	#isDraining = false;
	#timer: TimerHandle | undefined;
	#timerAt: Millis = 0;
	#storeFailed = false;
	readonly #onTimer: () => void;

	constructor(core: ClientCore, ports: Ports, listeners: PumpListeners) {
		this.core = core;
		this.#ports = ports;
		this.#listeners = listeners;
		this.#onTimer = () => this.tick();
	}

	/** The time, for calls of the core. */
	now(): Millis {
		return this.#ports.clock.now();
	}

	// CONNECT is encoded here, and the stack of a device is small: the two frames of `mutate` are saved.
	opened(link: Link): void {
		if (link !== this.#link) return;
		try {
			this.core.opened(this.#ports.clock.now());
		} catch (error) {
			this.abort(error);
		}
		this.drain();
	}

	// What happens once per message does without the closure of #mutate and with as few `try` as can be: each costs.
	received(link: Link, bytes: Uint8Array): void {
		if (link !== this.#link) return;
		if (this.#isDraining) {
			this.mutate(() => this.core.receive(bytes, this.now()));
			return;
		}
		this.#isDraining = true;
		try {
			this.core.receive(bytes, this.#ports.clock.now());
			this.performAll();
			this.rearm();
			this.#isDraining = false;
		} catch (error) {
			this.#isDraining = false;
			this.abort(error);
			this.drain();
		}
	}

	writable(link: Link): void {
		if (link === this.#link) this.mutate(() => this.core.writable(true, this.now()));
	}

	closed(link: Link, failure: TransportFailure | undefined): void {
		if (link !== this.#link) return;
		this.#link = undefined;
		this.mutate(() => this.core.closed(failure, this.now()));
	}

	/** Does what the core asks for until it asks for nothing. A call from within only marks work for the outer one. */
	drain(): void {
		if (this.#isDraining) return;
		this.#isDraining = true;
		for (let errors = 0; errors < ERRORS_PER_DRAIN; errors++) {
			try {
				this.performAll();
				this.rearm();
				break;
			} catch (error) {
				this.abort(error);
			}
		}
		this.#isDraining = false;
	}

	private performAll(): void {
		const { core } = this;
		for (let action = core.poll(); action !== undefined; action = core.poll()) this.perform(action);
	}

	private mutate(mutation: () => void): void {
		try {
			mutation();
		} catch (error) {
			this.abort(error);
		}
		this.drain();
	}

	private tick(): void {
		this.#timer = undefined;
		this.mutate(() => this.core.tick(this.now()));
	}

	// A timer that fires early costs a look at the deadlines; putting it off with every packet would cost more.
	private rearm(): void {
		const { clock } = this.#ports;
		const at = this.core.nextTimeout();
		if (this.#timer !== undefined) {
			if (at !== undefined && this.#timerAt <= at) return;
			clock.clearTimer(this.#timer);
			this.#timer = undefined;
		}
		if (at === undefined) return;
		this.#timerAt = at;
		this.#timer = clock.setTimer(this.#onTimer, Math.max(0, at - clock.now()));
	}

	private perform(action: ClientAction): void {
		switch (action.kind) {
			case "message":
				return this.deliver(action.message, action.handlers);
			case "send":
				return this.send(action.bytes);
			case "published":
				return this.call("publish callback", () => action.done(action.error));
			case "subscribed":
				return this.call("subscribe callback", () => action.done(action.error, action.granted));
			case "relay":
				return this.call("relay", () => action.relay(action.cmd, action.messageId));
			case "streamBegin":
				return this.stream(action.handlers, (handler) => handler.begin(action.start));
			case "streamChunk":
				return this.stream(action.handlers, (handler) => handler.chunk(action.bytes, action.offset));
			case "streamEnd":
				return this.stream(action.handlers, (handler) => handler.end(action.complete));
			case "open":
				return this.open();
			case "close":
				return this.close();
			case "reading":
				return this.#link?.connection?.reading?.(action.flag);
			case "state":
				return this.enter(action.state);
			case "save":
				return this.store((store) => store.set(action.key, action.value));
			case "forget":
				return this.store((store) => store.delete(action.key));
			case "log":
				return this.log(action.level, action.message, action.fields);
		}
	}

	private open(): void {
		const link = new Link(this);
		this.#link = link;
		link.connection = this.#ports.transport.open(link);
	}

	private close(): void {
		const connection = this.#link?.connection;
		this.#link = undefined;
		connection?.close();
	}

	private send(bytes: Uint8Array): void {
		if (this.#link?.connection?.write(bytes) === false) this.core.writable(false, this.now());
	}

	private deliver(message: Message, handlers: readonly MessageHandler[]): void {
		if (handlers.length === 0) {
			this.call("onMessage", () => this.#listeners.onMessage?.(message));
			return;
		}
		// By index: an iterator costs XS more than the call.
		for (let index = 0; index < handlers.length; index++) {
			try {
				(handlers[index] as MessageHandler)(message);
			} catch (error) {
				this.report("message handler", error);
			}
		}
	}

	private stream(handlers: readonly StreamHandler[], call: (handler: StreamHandler) => void): void {
		for (const handler of handlers) this.call("stream handler", () => call(handler));
	}

	private enter(state: ClientState): void {
		this.call("onState", () => this.#listeners.onState?.(state));
	}

	// The client goes on without what cannot be kept.
	private store(use: (store: Store) => void): void {
		const { store } = this.#ports;
		if (store === undefined) return;
		try {
			use(store);
			this.#storeFailed = false;
		} catch (error) {
			if (!this.#storeFailed) this.log("error", `The store refused: ${textOf(error)}`);
			this.#storeFailed = true;
		}
	}

	private call(what: string, call: () => void): void {
		try {
			call();
		} catch (error) {
			this.report(what, error);
		}
	}

	private report(what: string, error: unknown): void {
		this.log("error", `A ${what} of the application threw: ${textOf(error)}`);
	}

	/** Something threw that never should: a port, or the core. */
	private abort(error: unknown): void {
		const message = `Unforeseen error: ${textOf(error)}`;
		this.log("error", message);
		try {
			this.core.abort(message, this.now());
		} catch (second) {
			this.log("error", `Unforeseen error after an unforeseen error: ${textOf(second)}`);
		}
	}

	private log(level: LogLevel, message: string, fields?: LogFields): void {
		try {
			this.#ports.log?.write(level, message, fields);
		} catch {
			// A log that fails has nowhere to say so.
		}
	}
}

function textOf(error: unknown): string {
	return error instanceof Error ? `${error.name}: ${error.message}` : String(error);
}
