import type { Server, Socket } from "node:net";
import type { ConnectionInfo } from "../../src/broker/index.ts";
import type { SocketConnection } from "./socket-connection.ts";

export interface ListenerOptions {
	/** `tcp`: MQTT directly over TCP. `ws`: over WebSocket, beside a page for people. */
	readonly type: "tcp" | "ws";
	/** A name or an address without brackets. Default `127.0.0.1`. */
	readonly host?: string;
	/** 0: any free port. */
	readonly port: number;
	/** Connections above this number are closed at once. Default 10,000. */
	readonly maxConnections?: number;
}

/** Where a listener can be reached. */
export interface ListenerAddress {
	/** The listener's name in the options. */
	readonly listener: string;
	readonly host: string;
	/** The real port, also when 0 was asked for. */
	readonly port: number;
	/** `mqtt://127.0.0.1:1883` or `ws://[::1]:8080`. */
	readonly url: string;
}

/** Accepts connections until it is closed. */
export interface Listener {
	readonly address: ListenerAddress;
	/** Accepts no more. Connections that are open stay open. */
	close(): void;
}

/** Takes over a new connection. */
export type Accept = (connection: SocketConnection, info: ConnectionInfo) => void;

/** What every kind of listener is given. */
export interface ListenerContext {
	/** The listener's name in the options. */
	readonly name: string;
	readonly options: ListenerOptions;
	/** Longest packet in bytes that the broker takes. */
	readonly maxPacket: number;
	readonly accept: Accept;
	/** Called when a connection is closed because there are too many, or could not be accepted. */
	readonly dropped: (reason: string) => void;
}

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

/** Starts to listen as the options say. Throws `ListenError`. */
export async function listen(server: Server, context: ListenerContext): Promise<ListenerAddress> {
	const { name, options, dropped } = context;
	const host = options.host ?? DEFAULT_HOST;
	server.maxConnections = options.maxConnections ?? DEFAULT_MAX_CONNECTIONS;
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
	const port = portOf(server);
	return { listener: name, host, port, url: `${SCHEMES[options.type]}://${authority(host, port)}` };
}

/** What the broker and the log know about a peer. */
export function describePeer(socket: Socket, context: ListenerContext): ConnectionInfo {
	// A listener for both families sees IPv4 peers with an IPv6 prefix (RFC 4291 section 2.5.5.2).
	const host = socket.remoteAddress?.replace(/^::ffff:(?=[\d.]+$)/, "") ?? "unknown";
	const address = authority(host, socket.remotePort ?? 0);
	return { address, listener: context.name, transport: context.options.type };
}

const SCHEMES = { tcp: "mqtt", ws: "ws" } as const;

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
