import type { Clock, Connection, Millis, TimerHandle, Transport, TransportEvents } from "../../src/ports/index.ts";
import type { VirtualClock } from "./virtual-clock.ts";

/** What a client runs on, whose power can be cut: its timers and connections die with it. */
export class Machine implements Clock, Transport {
	readonly endpoint: string;
	readonly #clock: VirtualClock;
	readonly #transport: Transport;
	#connection: Connection | undefined;
	#isAlive = true;

	constructor(clock: VirtualClock, transport: Transport) {
		this.#clock = clock;
		this.#transport = transport;
		this.endpoint = transport.endpoint;
	}

	now(): Millis {
		return this.#clock.now();
	}

	setTimer(callback: () => void, delay: Millis): TimerHandle {
		return this.#clock.setTimer(() => this.#ifAlive(callback), delay);
	}

	clearTimer(handle: TimerHandle): void {
		this.#clock.clearTimer(handle);
	}

	open(events: TransportEvents): Connection {
		this.#connection = this.#transport.open({
			opened: () => this.#ifAlive(() => events.opened()),
			received: (bytes) => this.#ifAlive(() => events.received(bytes)),
			writable: () => this.#ifAlive(() => events.writable()),
			closed: (failure) => this.#ifAlive(() => events.closed(failure)),
		});
		return this.#connection;
	}

	cutPower(): void {
		this.#isAlive = false;
		this.#connection?.close();
	}

	#ifAlive(act: () => void): void {
		if (this.#isAlive) act();
	}
}
