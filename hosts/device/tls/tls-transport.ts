import VERSIONS from "ssl/versions";
import { UsageError } from "../../../src/codec/index.ts";
import type { Clock, Connection, Log, Transport, TransportEvents } from "../../../src/ports/index.ts";
import type { ClientIdentity } from "./client-identity.ts";
import type { ServerTrust } from "./server-authentication.ts";
import { TlsConnection } from "./tls-connection.ts";
import type { TlsVersion, Version } from "./version.ts";

export interface TlsTransportOptions {
	/** What carries the records: TCP, to the broker or to a proxy that passes on. */
	readonly transport: Transport;
	readonly trust: ServerTrust;
	/** Shown to a server that asks. Default: none. */
	readonly identity?: ClientIdentity | undefined;
	/** RFC 7301: names of protocols, the best first. Default: the extension is not sent. */
	readonly alpn?: readonly string[] | undefined;
	/** The one version to speak. Default: 1.2. 1.0 and 1.1 are in builds of `legacy/manifest.json` alone. */
	readonly version?: TlsVersion | undefined;
	readonly clock: Clock;
	readonly log: Log;
}

/** TLS over another transport, with the SDK's records and ciphers and our own decision whom to believe. */
export class TlsTransport implements Transport {
	readonly endpoint: string;
	readonly #options: TlsTransportOptions;
	readonly #version: Version;

	/** Throws UsageError for a version that the build does not speak, and for a client certificate before TLS 1.2. */
	constructor(options: TlsTransportOptions) {
		this.#options = options;
		this.#version = versionOf(options);
		this.endpoint = options.transport.endpoint;
	}

	open(events: TransportEvents): Connection {
		return new TlsConnection(this.#options, this.#version, events);
	}
}

function versionOf({ version = "1.2", identity }: TlsTransportOptions): Version {
	const found = VERSIONS[version];
	if (found === undefined) {
		const there = Object.keys(VERSIONS).join(" and ");
		throw new UsageError(
			`TLS ${version} is not in this build, which speaks ${there}: 1.0 and 1.1 are in tls/legacy/manifest.json`,
		);
	}
	if (identity === undefined || version === "1.2") return found;
	throw new UsageError(`TLS ${version} is without client certificates here: they need 1.2`);
}
