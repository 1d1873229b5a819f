import type { Connection, Transport, TransportEvents } from "../../../src/ports/index.ts";

/** A transport whose connection can be ended as a network would do it, so that the broker sends again what is not acknowledged. */
export class BreakableTransport implements Transport {
	readonly endpoint: string;
	readonly #transport: Transport;
	#break: ((reason: string) => void) | undefined;

	constructor(transport: Transport) {
		this.endpoint = transport.endpoint;
		this.#transport = transport;
	}

	open(events: TransportEvents): Connection {
		const over = () => {
			this.#break = undefined;
		};
		const connection = this.#transport.open({
			opened: () => events.opened(),
			received: (bytes) => events.received(bytes),
			writable: () => events.writable(),
			closed(failure) {
				over();
				events.closed(failure);
			},
		});
		const close = () => {
			over();
			connection.close();
		};
		this.#break = (message) => {
			close();
			events.closed({ phase: "tcp", message });
		};
		return {
			write: (bytes) => connection.write(bytes),
			reading: (flag) => connection.reading?.(flag),
			close,
		};
	}

	/** Ends the connection, if there is one. Not to be called from within a call of the client's. */
	break(reason: string): void {
		this.#break?.(reason);
	}
}
