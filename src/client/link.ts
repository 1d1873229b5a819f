import type { Connection, TransportEvents, TransportFailure } from "../ports/index.ts";
import { onClosed, onOpened, onReceived, onWritable } from "./connection.ts";
import type { Context } from "./context.ts";

/** Who is told what happens to a link. */
export interface LinkOwner {
	tell<T>(event: (context: Context, subject: T) => void, subject: T): void;
}

/** One connection and its events. What comes late, when it was given up already, is heard by nobody. */
export class Link implements TransportEvents {
	#owner: LinkOwner | undefined;
	/** Undefined until the transport returned it, and when it is over. */
	connection: Connection | undefined;

	constructor(owner: LinkOwner) {
		this.#owner = owner;
	}

	opened(): void {
		this.#owner?.tell(onOpened, undefined);
	}

	received(bytes: Uint8Array): void {
		this.#owner?.tell(onReceived, bytes);
	}

	writable(): void {
		this.#owner?.tell(onWritable, undefined);
	}

	closed(failure: TransportFailure | undefined): void {
		const owner = this.#owner;
		this.#owner = undefined;
		this.connection = undefined;
		owner?.tell(onClosed, failure);
	}

	/** Gives the connection up. */
	close(): void {
		const connection = this.connection;
		this.#owner = undefined;
		this.connection = undefined;
		connection?.close();
	}
}
