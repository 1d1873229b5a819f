import { readFileSync } from "node:fs";
import { connect as connectTcp, isIP } from "node:net";
import { type ConnectionOptions, connect as connectTls } from "node:tls";
import type { MqttOptions, TlsOptions, TlsVersion } from "../../../src/config/index.ts";
import type { Connection, Transport, TransportEvents } from "../../../src/ports/index.ts";
import { platformRoots } from "./roots.ts";
import { type OpeningSteps, StreamConnection } from "./stream-connection.ts";

const TCP: OpeningSteps = [{ event: "connect", phase: "tcp" }];
const TLS: OpeningSteps = [
	{ event: "connect", phase: "tcp" },
	{ event: "secureConnect", phase: "tls" },
];
const SOCKET_OPTIONS = { noDelay: true, keepAlive: true } as const;

/** MQTT over TCP or TLS, on Node's sockets. */
export class SocketTransport implements Transport {
	readonly endpoint: string;
	readonly #options: MqttOptions;

	constructor(options: MqttOptions) {
		const { broker, port } = options;
		this.#options = options;
		this.endpoint = broker.includes(":") ? `[${broker}]:${port}` : `${broker}:${port}`;
	}

	open(events: TransportEvents): Connection {
		const { broker: host, port, tls } = this.#options;
		if (tls === undefined) return new StreamConnection(connectTcp({ ...SOCKET_OPTIONS, host, port }), TCP, events);
		try {
			// Hosted brokers tell by its name which of them is meant (RFC 6066 section 3); Node does not say it by itself.
			const name = isIP(host) === 0 ? { servername: host } : {};
			const socket = connectTls({ host, port, ...name, ...tlsOptions(tls) });
			socket.setNoDelay(true).setKeepAlive(true);
			return new StreamConnection(socket, TLS, events);
		} catch (error) {
			return neverOpened((error as Error).message, events);
		}
	}
}

const VERSIONS = { "1.0": "TLSv1", "1.1": "TLSv1.1", "1.2": "TLSv1.2", "1.3": "TLSv1.3" } as const;

/** Reads the files anew for each connection: they may have been renewed. */
function tlsOptions({ certificate, insecure, minVersion, alpn, client }: TlsOptions): ConnectionOptions {
	return {
		ca: certificate === "auto" ? [...platformRoots()] : readFileSync(certificate),
		...(insecure ? { checkServerIdentity: () => undefined } : {}),
		...versionOptions(minVersion),
		...(alpn === undefined ? {} : { ALPNProtocols: [...alpn] }),
		...(client === undefined ? {} : { cert: readFileSync(client.certificate), key: readFileSync(client.key) }),
	};
}

function versionOptions(version: TlsVersion): ConnectionOptions {
	if (version === "auto") return {};
	const minVersion = VERSIONS[version];
	// OpenSSL 3 allows the old versions, which sign with SHA-1, at its lowest level alone.
	return version === "1.0" || version === "1.1" ? { minVersion, ciphers: "DEFAULT@SECLEVEL=0" } : { minVersion };
}

/** A connection that failed before there was a socket. */
function neverOpened(message: string, events: TransportEvents): Connection {
	const timer = setImmediate(() => events.closed({ phase: "tls", message }));
	return { write: () => true, close: () => clearImmediate(timer) };
}
