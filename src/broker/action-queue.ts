import type { BrokerAction, BrokerEvent } from "./actions.ts";
import type { Connection } from "./connection.ts";
import { Fifo } from "./fifo.ts";

/** What the host is to do next, and which connections have output to be gathered. */
export class ActionQueue {
	readonly #actions = new Fifo<BrokerAction>();
	readonly #dirty = new Fifo<Connection>();

	push(action: BrokerAction): void {
		this.#actions.push(action);
	}

	event(event: BrokerEvent): void {
		this.#actions.push({ kind: "event", event });
	}

	/** Notes that the connection has output, or messages that could become output. */
	touch(connection: Connection): void {
		if (connection.isDirty) return;
		connection.isDirty = true;
		this.#dirty.push(connection);
	}

	shift(): BrokerAction | undefined {
		return this.#actions.shift();
	}

	/** The next connection that was touched. */
	shiftTouched(): Connection | undefined {
		const connection = this.#dirty.shift();
		if (connection !== undefined) connection.isDirty = false;
		return connection;
	}
}
