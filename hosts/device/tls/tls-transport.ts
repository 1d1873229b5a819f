import type { Clock, Connection, Log, Transport, TransportEvents } from "../../../src/ports/index.ts";
import type { ClientIdentity } from "./client-identity.ts";
import type { ServerTrust } from "./server-authentication.ts";
import { TlsConnection } from "./tls-connection.ts";

export interface TlsTransportOptions {
	/** What carries the records: TCP, to the broker or to a proxy that passes on. */
	readonly transport: Transport;
	readonly trust: ServerTrust;
	/** Shown to a server that asks. Default: none. */
	readonly identity?: ClientIdentity | undefined;
	/** RFC 7301: names of protocols, the best first. Default: the extension is not sent. */
	readonly alpn?: readonly string[] | undefined;
	readonly clock: Clock;
	readonly log: Log;
}

/** TLS 1.2 over another transport, with the SDK's records and ciphers and our own decision whom to believe. */
export class TlsTransport implements Transport {
	readonly endpoint: string;
	readonly #options: TlsTransportOptions;

	constructor(options: TlsTransportOptions) {
		this.#options = options;
		this.endpoint = options.transport.endpoint;
	}

	open(events: TransportEvents): Connection {
		return new TlsConnection(this.#options, events);
	}
}
