import type { Connection, Transport, TransportEvents, TransportFailure } from "../../../src/ports/index.ts";
import { PreparedConnection } from "../prepared-connection.ts";
import type { TimeKeeper } from "./time-keeper.ts";

const NO_TIME: TransportFailure = {
	phase: "tls",
	message:
		"the time, by which certificates are checked, is not known: check the time servers, and that UDP port 123 is open",
};

/** A connection that waits for the time, if for anything. */
class TimedConnection extends PreparedConnection {
	override overdue(): TransportFailure {
		return super.overdue() ?? NO_TIME;
	}
}

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
		const connection = new TimedConnection(this.#transport, events);
		this.#keeper.set((failure) => {
			if (failure === undefined) connection.proceed();
			else connection.fail({ phase: "tls", message: failure });
		});
		return connection;
	}
}
