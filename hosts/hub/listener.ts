import type { RequestListener } from "node:http";
import type { Server, Socket } from "node:net";
import type { ConnectionInfo } from "../../src/broker/index.ts";
import type { Log, Millis } from "../../src/ports/index.ts";
import type { ListenerOptions } from "./listener-options.ts";
import type { SocketConnection } from "./socket-connection.ts";

/** Where a listener can be reached. */
export interface ListenerAddress {
	/** The listener's name in the options. */
	readonly listener: string;
	readonly host: string;
	/** The real port, also when 0 was asked for. */
	readonly port: number;
	/** `mqtt://127.0.0.1:1883`, `mqtts:`, `ws://[::1]:8080` or `wss:`. */
	readonly url: string;
}

/** Accepts connections until it is closed. */
export interface Listener {
	/** Undefined while a server that is not the hub's own does not listen. */
	readonly address: ListenerAddress | undefined;
	/** Accepts no more. Connections that are open stay open. */
	close(): void;
	/** Reads the certificate again. What is wrong with it; without that the new one is in force. */
	reload?(): readonly string[];
}

/** Takes over a new connection. */
export type Accept = (connection: SocketConnection, info: ConnectionInfo) => void;

export type Transport = ConnectionInfo["transport"];

/** What every kind of listener is given. */
export interface ListenerContext<Options extends ListenerOptions = ListenerOptions> {
	/** The listener's name in the options. */
	readonly name: string;
	readonly options: Options;
	/** Longest packet in bytes that the broker takes from who connects at present. */
	readonly maxPacket: () => number;
	/** The same until the client is accepted, at present. */
	readonly maxConnect: () => number;
	/** Time for the TLS handshake, before that for CONNECT, at present. */
	readonly connectTimeout: () => Millis;
	readonly log: Log;
	/** False: there are too many connections from where the socket comes from. */
	readonly admit: (socket: Socket) => boolean;
	readonly accept: Accept;
	/** Answers HTTP requests that are no upgrades. */
	readonly answer: RequestListener;
	/** Called when a connection is closed because there are too many, or could not be accepted. `address`: of the peer. */
	readonly dropped: (reason: string, address?: string) => void;
}

export type BoundContext = ListenerContext<Exclude<ListenerOptions, { readonly type: "attached" }>>;

/** A listener cannot be opened. The message names the address, the reason, and what to do. */
export class ListenError extends Error {
	override name = "ListenError";
	/** The listener's name in the options. */
	readonly listener: string;
	/** The system's code, such as `EADDRINUSE`. */
	readonly code: string | undefined;

	constructor(listener: string, message: string, cause: NodeJS.ErrnoException) {
		super(message, { cause });
		this.listener = listener;
		this.code = cause.code;
	}
}

const DEFAULT_HOST = "127.0.0.1";
const DEFAULT_MAX_CONNECTIONS = 10_000;

/** Milliseconds of silence before the kernel asks whether a peer is still there, for clients whose keep alive is off. */
const PROBE_AFTER = 600_000;

/** How the sockets of every listener behave. */
export const SOCKET_OPTIONS = { noDelay: true, keepAlive: true, keepAliveInitialDelay: PROBE_AFTER } as const;

/** Starts to listen as the options say. Throws `ListenError`. */
export async function listen(server: Server, context: BoundContext): Promise<ListenerAddress> {
	const { name, options, dropped } = context;
	const host = options.host ?? DEFAULT_HOST;
	server.maxConnections = options.maxConnections ?? DEFAULT_MAX_CONNECTIONS;
	// Before the server's own handling, which finds the socket destroyed.
	server.prependListener("connection", (socket: Socket) => {
		if (!context.admit(socket)) socket.destroy();
	});
	await new Promise<void>((resolve, reject) => {
		const fail = (error: NodeJS.ErrnoException) => reject(listenError(name, host, options.port, error));
		server.once("error", fail);
		server.listen({ host, port: options.port }, () => {
			server.off("error", fail);
			resolve();
		});
	});
	server.on("error", (error) => dropped(error.message));
	server.on("drop", () => dropped(`more than ${server.maxConnections} connections`));
	return addressOf(name, options.type, host, portOf(server));
}

/** Where a listener is, as its users write it. */
export function addressOf(listener: string, transport: Transport, host: string, port: number): ListenerAddress {
	return { listener, host, port, url: `${SCHEMES[transport]}://${authority(host, port)}` };
}

/** What the broker and the log know about a peer. */
export function describePeer(socket: Socket, listener: string, transport: Transport): ConnectionInfo {
	return { address: authority(peerHost(socket), socket.remotePort ?? 0), listener, transport };
}

/** The peer's address without its port. */
export function peerHost(socket: Socket): string {
	// A listener for both families sees IPv4 peers with an IPv6 prefix (RFC 4291 section 2.5.5.2).
	return socket.remoteAddress?.replace(/^::ffff:(?=[\d.]+$)/, "") ?? "unknown";
}

const SCHEMES = { tcp: "mqtt", tls: "mqtts", ws: "ws", wss: "wss" } as const;

/** `host:port`, with brackets around an IPv6 address. */
function authority(host: string, port: number): string {
	return host.includes(":") ? `[${host}]:${port}` : `${host}:${port}`;
}

function portOf(server: Server): number {
	const address = server.address();
	if (address === null || typeof address === "string")
		throw new TypeError("a TCP server has an address once it listens");
	return address.port;
}

const REASONS: Readonly<Record<string, string>> = {
	EADDRINUSE: "is already in use: stop the program that uses it, or choose another port",
	EACCES: "may not be used by this user: choose a port above 1023",
	EADDRNOTAVAIL: "cannot be used: this machine does not have that address",
	ENOTFOUND: "cannot be used: there is no such host",
};

function listenError(name: string, host: string, port: number, error: NodeJS.ErrnoException): ListenError {
	const reason = REASONS[error.code ?? ""] ?? `cannot be used: ${error.message}`;
	return new ListenError(name, `port ${port} on ${host} ${reason}`, error);
}
