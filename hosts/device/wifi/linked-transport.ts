import type { Clock, Connection, Transport, TransportEvents } from "../../../src/ports/index.ts";
import { PreparedConnection } from "../base.ts";
import type { NetworkLink } from "./wifi-link.ts";

/** Opens no connection while the Wi-Fi is down, and ends the open one when it goes: nothing would tell otherwise for a minute. */
export class LinkedTransport implements Transport {
	readonly endpoint: string;
	readonly #transport: Transport;
	readonly #link: NetworkLink;
	readonly #clock: Clock;
	#current: PreparedConnection | undefined;

	constructor(transport: Transport, link: NetworkLink, clock: Clock) {
		this.endpoint = transport.endpoint;
		this.#transport = transport;
		this.#link = link;
		this.#clock = clock;
		link.onChange((isUp) => {
			if (!isUp) this.#current?.fail({ phase: "tcp", message: "the Wi-Fi is lost" });
		});
	}

	open(events: TransportEvents): Connection {
		const connection = new PreparedConnection(this.#transport, events);
		this.#current = connection;
		if (this.#link.isUp) connection.proceed();
		else this.#clock.setTimer(() => connection.fail({ phase: "tcp", message: "there is no Wi-Fi at present" }), 0);
		return connection;
	}
}
