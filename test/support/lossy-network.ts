import type { Connection, Millis, Transport, TransportEvents } from "../../src/ports/index.ts";
import type { ModelBroker } from "./model-broker.ts";
import type { SeededRandom } from "./seeded-random.ts";
import type { VirtualClock } from "./virtual-clock.ts";

const LONGEST_DELAY: Millis = 400;
/** A write in this many fills the sender's buffer for a while. */
const FULL_EVERY = 5;

/**
 * The network between a client and a ModelBroker, on virtual time: it delays, cuts and joins what it carries, and loses
 * what is under way when a connection ends. Within a connection it keeps the order, as TCP does.
 */
export class LossyNetwork implements Transport {
	readonly endpoint = "model:1883";
	readonly #clock: VirtualClock;
	readonly #random: SeededRandom;
	readonly #broker: ModelBroker;
	#current: Wire | undefined;
	/** Whether connections can be opened. */
	isUp = true;
	connections = 0;

	constructor(clock: VirtualClock, random: SeededRandom, broker: ModelBroker) {
		this.#clock = clock;
		this.#random = random;
		this.#broker = broker;
	}

	open(events: TransportEvents): Connection {
		this.#current?.cut(true); // a client has one connection at a time
		const wire = new Wire(events, this.#clock, this.#random, this.#broker);
		this.#current = wire;
		this.connections++;
		wire.start(this.isUp);
		return wire;
	}

	/** The connection ends now. Silently: nobody is told, as when a router is switched off. */
	cut(silently: boolean): void {
		this.#current?.cut(silently);
	}
}

class Wire implements Connection {
	readonly #events: TransportEvents;
	readonly #clock: VirtualClock;
	readonly #random: SeededRandom;
	readonly #broker: ModelBroker;
	/** Bytes go through. */
	#carries = false;
	#isCut = false;
	/** The client listens. */
	#isOpen = true;
	#upAt: Millis = 0;
	#downAt: Millis = 0;
	#isFull = false;

	constructor(events: TransportEvents, clock: VirtualClock, random: SeededRandom, broker: ModelBroker) {
		this.#events = events;
		this.#clock = clock;
		this.#random = random;
		this.#broker = broker;
	}

	start(isUp: boolean): void {
		this.#later(this.#delay(), () => {
			if (!isUp) this.#tellClosed();
			if (!isUp || this.#isCut) return;
			this.#carries = true;
			this.#broker.open({ send: (bytes) => this.#down(bytes), close: () => this.cut(false) });
			if (this.#isOpen) this.#events.opened();
		});
	}

	write(bytes: Uint8Array): boolean {
		if (!this.#isOpen) throw new Error("The client wrote to a connection that it had closed.");
		if (this.#isFull) throw new Error("The client wrote to a full transport.");
		this.#upAt = Math.max(this.#upAt, this.#clock.now() + this.#delay());
		this.#later(this.#upAt - this.#clock.now(), () => {
			// The view that was given, and no copy: it must still hold what was written.
			if (this.#carries) this.#broker.receive(bytes);
		});
		if (this.#random.next() * FULL_EVERY > 1) return true;
		this.#isFull = true;
		this.#later(this.#delay(), () => {
			this.#isFull = false;
			if (this.#isOpen && this.#carries) this.#events.writable();
		});
		return false;
	}

	close(): void {
		this.#isOpen = false;
		this.#later(LONGEST_DELAY * 2, () => {
			this.#carries = false;
		});
	}

	cut(silently: boolean): void {
		if (this.#isCut) return;
		this.#isCut = true;
		this.#carries = false;
		if (!silently) this.#later(this.#delay(), () => this.#tellClosed());
	}

	#tellClosed(): void {
		if (!this.#isOpen) return;
		this.#isOpen = false;
		this.#events.closed({ phase: "tcp", message: "reset" });
	}

	#down(bytes: Uint8Array): void {
		const cut = Math.floor(this.#random.next() * (bytes.length + 1));
		for (const piece of [bytes.slice(0, cut), bytes.slice(cut)]) {
			this.#downAt = Math.max(this.#downAt, this.#clock.now() + this.#delay());
			this.#later(this.#downAt - this.#clock.now(), () => {
				if (this.#isOpen && this.#carries) this.#events.received(piece);
			});
		}
	}

	#delay(): Millis {
		return Math.floor(this.#random.next() * LONGEST_DELAY);
	}

	#later(delay: Millis, callback: () => void): void {
		this.#clock.setTimer(callback, delay);
	}
}
