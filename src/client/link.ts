import type { Connection, TransportEvents, TransportFailure } from "../ports/index.ts";
import { onClosed, onOpened, onReceived, onWritable } from "./connection.ts";
import type { Context } from "./context.ts";

/** Who is told what happens to a link. */
export interface LinkOwner {
	tell<T>(event: (context: Context, subject: T) => void, subject: T): void;
}

const NOBODY: LinkOwner = { tell: () => undefined };

/** One connection and its events. What comes late, when it was given up already, is heard by nobody. */
export class Link implements TransportEvents {
	#owner: LinkOwner;
	/** Undefined until the transport returned it, and when it is over. */
	connection: Connection | undefined;

	constructor(owner: LinkOwner) {
		this.#owner = owner;
	}

	// Called from within the platform's callbacks, and a device's stack is small: in tail position these take nothing of it.

	opened(): void {
		return this.#owner.tell(onOpened, undefined);
	}

	received(bytes: Uint8Array): void {
		return this.#owner.tell(onReceived, bytes);
	}

	writable(): void {
		return this.#owner.tell(onWritable, undefined);
	}

	closed(failure: TransportFailure | undefined): void {
		const owner = this.#owner;
		this.#owner = NOBODY;
		this.connection = undefined;
		return owner.tell(onClosed, failure);
	}

	/** Gives the connection up. */
	close(): void {
		const connection = this.connection;
		this.#owner = NOBODY;
		this.connection = undefined;
		connection?.close();
	}
}
