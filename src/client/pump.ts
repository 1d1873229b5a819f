import type { Clock, Log, LogLevel, Millis, Random, Store, TimerHandle, Transport } from "../ports/index.ts";
import type { ClientAction, LogFields } from "./actions.ts";
import { abort } from "./connection.ts";
import type { Context } from "./context.ts";
import type { ClientCore } from "./core.ts";
import { textOf } from "./errors.ts";
import { Link } from "./link.ts";
import { onTime } from "./on-deadline.ts";

/** What a client needs of its platform. */
export interface Ports {
	readonly transport: Transport;
	readonly clock: Clock;
	readonly random: Random;
	/** Remembers what outlives a restart. One Store serves one client. */
	readonly store?: Store | undefined;
	readonly log?: Log | undefined;
}

type ActionOf<K> = Extract<ClientAction, { kind: K }>;

/** So many unforeseen errors in a row end the drain: the next event tries again. */
const ERRORS_PER_DRAIN = 3;

/**
 * Drives the core on a platform's ports: one mutation, drain, re-arm the timer. Nothing that the application's functions,
 * the ports or the core throw leaves a callback of the platform: on XS that would end the machine.
 */
export class Pump {
	readonly #core: ClientCore;
	readonly #ports: Ports;
	#link: Link | undefined;
	#isDraining = false;
	#timer: TimerHandle | undefined;
	#timerAt: Millis = 0;
	#storeFailed = false;

	constructor(core: ClientCore, ports: Ports) {
		this.#core = core;
		this.#ports = ports;
	}

	get context(): Context {
		return this.#core.context;
	}

	/** The state of the core, for a call of the application that starts a turn. */
	turn(): Context {
		return this.#core.turn(this.#ports.clock.now());
	}

	/** The state of the core, for a request of the application. */
	request(): Context {
		return this.#core.request(this.#ports.clock.now());
	}

	/** Tells the core what happened, then does what it asks for. */
	tell<T>(event: (context: Context, subject: T) => void, subject: T): void {
		try {
			event(this.turn(), subject);
		} catch (error) {
			this.abort(error);
		}
		return this.drain();
	}

	/** Does what the core asks for until it asks for nothing. A call from within only marks work for the outer one. */
	drain(): void {
		if (this.#isDraining) return;
		this.#isDraining = true;
		for (let errors = 0; errors < ERRORS_PER_DRAIN; errors++) {
			try {
				while (this.performNext());
				this.rearm();
				break;
			} catch (error) {
				this.abort(error);
			}
		}
		this.#isDraining = false;
	}

	// In a function of its own: what was done is garbage before the core looks for what is next, and may need its memory.
	private performNext(): boolean {
		const action = this.#core.poll();
		if (action === undefined) return false;
		this.perform(action);
		return true;
	}

	// A timer that fires early costs a look at the deadlines; putting it off with every packet would cost more.
	private rearm(): void {
		const clock = this.#ports.clock;
		const at = this.#core.nextTimeout();
		if (this.#timer !== undefined) {
			if (at !== undefined && this.#timerAt <= at) return;
			clock.clearTimer(this.#timer);
			this.#timer = undefined;
		}
		if (at === undefined) return;
		this.#timerAt = at;
		this.#timer = clock.setTimer(() => this.onTimer(), Math.max(0, at - clock.now()));
	}

	private onTimer(): void {
		this.#timer = undefined;
		return this.tell(onTime, this.#link?.connection);
	}

	private perform(action: ClientAction): void {
		switch (action.kind) {
			case "send":
				return this.send(action.bytes);
			case "call":
				return this.call(action);
			case "open":
				return this.open();
			case "close":
				return this.#link?.close();
			case "reading":
				return this.#link?.connection?.reading?.(action.flag);
			case "store":
				return this.store(action);
			case "warn":
				return this.log("warn", action.message, action.fields);
		}
	}

	private open(): void {
		const link = new Link(this);
		this.#link = link;
		link.connection = this.#ports.transport.open(link);
	}

	private send(bytes: Uint8Array): void {
		if (this.#link?.connection?.write(bytes) === false) this.#core.context.wire.writable = false;
	}

	private call(action: ActionOf<"call">): void {
		const callback = action.callback; // to be called with no `this`
		try {
			callback(action.first, action.second);
		} catch (error) {
			this.log("error", `A ${action.what} of the application threw: ${textOf(error)}`);
		}
	}

	/** The client goes on without what cannot be kept. */
	private store(action: ActionOf<"store">): void {
		const value = action.value;
		const store = this.#ports.store;
		try {
			if (value === undefined) store?.delete(action.key);
			else store?.set(action.key, value);
			this.#storeFailed = false;
		} catch (error) {
			if (!this.#storeFailed) this.log("error", `The store refused: ${textOf(error)}`);
			this.#storeFailed = true;
		}
	}

	/** Something threw that never should: a port, or the core. */
	private abort(error: unknown): void {
		const message = this.unforeseen(error);
		try {
			abort(this.turn(), message);
		} catch (second) {
			this.unforeseen(second);
		}
	}

	private unforeseen(error: unknown): string {
		const message = `Unforeseen error: ${textOf(error)}`;
		this.log("error", message);
		return message;
	}

	private log(level: LogLevel, message: string, fields?: LogFields): void {
		try {
			this.#ports.log?.write(level, message, fields);
		} catch {
			// A log that fails has nowhere to say so.
		}
	}
}
