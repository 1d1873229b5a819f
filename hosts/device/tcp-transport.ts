import type { Clock, Connection, Log, Transport, TransportEvents } from "../../src/ports/index.ts";
import type { Resolver } from "./dns/resolver.ts";
import type { TcpConstructor } from "./platform.ts";
import { TcpConnection } from "./tcp-connection.ts";

export interface TcpTransportOptions {
	/** A name or an IPv4 address. */
	readonly host: string;
	readonly port: number;
	readonly io: TcpConstructor;
	readonly resolver: Resolver;
	readonly clock: Clock;
	readonly log: Log;
}

/** MQTT over plain TCP, on ECMA-419 sockets. */
export class TcpTransport implements Transport {
	readonly endpoint: string;
	readonly #options: TcpTransportOptions;

	constructor(options: TcpTransportOptions) {
		this.#options = options;
		this.endpoint = `${options.host}:${options.port}`;
	}

	open(events: TransportEvents): Connection {
		return new TcpConnection(this.#options, events);
	}
}
