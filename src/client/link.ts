import type { Connection, TransportEvents, TransportFailure } from "../ports/index.ts";

/** Who is told what happens to a link. */
export interface LinkOwner {
	opened(link: Link): void;
	received(link: Link, bytes: Uint8Array): void;
	writable(link: Link): void;
	closed(link: Link, failure: TransportFailure | undefined): void;
}

/** One connection and its events, by which late events of an earlier connection are told apart. */
export class Link implements TransportEvents {
	readonly #owner: LinkOwner;
	/** Undefined until the transport returned it. */
	connection: Connection | undefined;

	constructor(owner: LinkOwner) {
		this.#owner = owner;
	}

	opened(): void {
		this.#owner.opened(this);
	}

	received(bytes: Uint8Array): void {
		this.#owner.received(this, bytes);
	}

	writable(): void {
		this.#owner.writable(this);
	}

	closed(failure: TransportFailure | undefined): void {
		this.#owner.closed(this, failure);
	}
}
