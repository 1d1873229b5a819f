import type { Connection, Transport, TransportEvents } from "../../../src/ports/index.ts";
import type { Hub } from "../hub.ts";
import type { InsiderOptions } from "../insiders.ts";
import { StreamConnection } from "./stream-connection.ts";

/** Connections to the hub of this process. */
export class LocalTransport implements Transport {
	readonly endpoint: string;
	readonly #hub: Hub;
	readonly #options: InsiderOptions;

	/** `name` is what the hub's log calls the client's address. */
	constructor(hub: Hub, name: string, options: InsiderOptions = {}) {
		this.endpoint = name;
		this.#hub = hub;
		this.#options = options;
	}

	open(events: TransportEvents): Connection {
		const stream = this.#hub.connect(this.endpoint, this.#options);
		setImmediate(() => stream.emit("open"));
		return new StreamConnection(stream, [{ event: "open", phase: "tcp" }], events);
	}
}
