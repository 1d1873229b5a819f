import type { Connection, Transport, TransportEvents } from "../../../src/ports/index.ts";
import { PreparedConnection } from "../prepared-connection.ts";
import type { TimeKeeper } from "./time-keeper.ts";

/** Sets the clock before a connection that checks dates: without it, every certificate is not yet valid. */
export class TimedTransport implements Transport {
	readonly endpoint: string;
	readonly #transport: Transport;
	readonly #keeper: TimeKeeper;

	constructor(transport: Transport, keeper: TimeKeeper) {
		this.endpoint = transport.endpoint;
		this.#transport = transport;
		this.#keeper = keeper;
	}

	open(events: TransportEvents): Connection {
		const connection = new PreparedConnection(this.#transport, events);
		this.#keeper.set((failure) => {
			if (failure === undefined) connection.proceed();
			else connection.fail({ phase: "tls", message: failure });
		});
		return connection;
	}
}
