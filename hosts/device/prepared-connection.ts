import type { Connection, Transport, TransportEvents, TransportFailure } from "../../src/ports/index.ts";

/**
 * A connection of another transport that is not opened before something else is ready, and may be ended from outside. It
 * passes events on in tail position: they come from low on the stack.
 */
export class PreparedConnection implements Connection, TransportEvents {
	readonly #transport: Transport;
	readonly #events: TransportEvents;
	#connection: Connection | undefined;
	#isOver = false;

	constructor(transport: Transport, events: TransportEvents) {
		this.#transport = transport;
		this.#events = events;
	}

	/** What was waited for is ready. */
	proceed(): void {
		if (this.#isOver || this.#connection !== undefined) return;
		this.#connection = this.#transport.open(this);
	}

	/** Ends it, whatever it is doing, and tells the owner: not to be called out of the owner's own calls. */
	fail(failure: TransportFailure): void {
		if (this.#isOver) return;
		this.#connection?.close();
		return this.closed(failure);
	}

	write(bytes: Uint8Array): boolean {
		return this.#connection?.write(bytes) ?? false;
	}

	reading(flag: boolean): void {
		this.#connection?.reading?.(flag);
	}

	close(): void {
		this.#isOver = true;
		this.#connection?.close();
	}

	overdue(): TransportFailure | undefined {
		return this.#connection?.overdue?.();
	}

	opened(): void {
		return this.#events.opened();
	}

	received(bytes: Uint8Array): void {
		return this.#events.received(bytes);
	}

	writable(): void {
		return this.#events.writable();
	}

	closed(failure: TransportFailure | undefined): void {
		if (this.#isOver) return;
		this.#isOver = true;
		return this.#events.closed(failure);
	}
}
