import type { Connection, Random, Transport, TransportEvents } from "../ports/index.ts";
import { WebSocketConnection } from "./connection.ts";
import { checkUpgrade } from "./upgrade.ts";

export interface WebSocketOptions {
	/** TCP for `ws`, TLS for `wss`. */
	readonly transport: Transport;
	/** What the server calls itself; default the transport's endpoint. */
	readonly host?: string;
	/** Path and query. Default `/`. */
	readonly path?: string;
	/** Further headers of the handshake, for a proxy that wants some. They may be secret, and are not logged. */
	readonly headers?: Readonly<Record<string, string>>;
	/** Masks what is sent against proxies that take it for something else; it hides nothing. */
	readonly random: Random;
}

/** MQTT in WebSocket messages (MQTT 5 section 6, RFC 6455) over another transport: for brokers behind a web proxy. */
export class WebSocketTransport implements Transport {
	readonly endpoint: string;
	readonly #options: WebSocketOptions;

	/** Throws UsageError for a path or a header that cannot be sent. */
	constructor(options: WebSocketOptions) {
		this.endpoint = options.transport.endpoint;
		this.#options = options;
		checkUpgrade(this.upgrade);
	}

	open(events: TransportEvents): Connection {
		const { transport, random } = this.#options;
		return new WebSocketConnection({ transport, random, upgrade: this.upgrade }, events);
	}

	private get upgrade(): { host: string; path: string; headers: Readonly<Record<string, string>> } {
		const { host = this.endpoint, path = "/", headers = {} } = this.#options;
		return { host, path, headers };
	}
}
