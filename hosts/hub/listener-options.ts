import type { Server as HttpServer } from "node:http";
import type { Server as HttpsServer } from "node:https";
import type { TlsOptions } from "./tls/index.ts";

/** Where and how the hub is reached. */
export type ListenerOptions =
	| TcpListenerOptions
	| TlsListenerOptions
	| WebSocketListenerOptions
	| SecureWebSocketListenerOptions
	| AttachedListenerOptions;

interface EntranceOptions {
	/** Lets clients in here that give no user name. Default: as the hub does. Of no effect beside `authenticate`. */
	readonly allowAnonymous?: boolean;
	/** Longest packet in bytes that is taken here, where that is less than the hub's. */
	readonly maxPacket?: number;
}

interface BoundOptions extends EntranceOptions {
	/** A name or an address without brackets. Default `127.0.0.1`. */
	readonly host?: string;
	/** 0: any free port. */
	readonly port: number;
	/** Connections above this number are closed at once. Default 10,000. */
	readonly maxConnections?: number;
}

export interface WebSocketOptions {
	/** Where upgrades are taken, such as `/mqtt`. Default: at every path. */
	readonly path?: string;
	/**
	 * Web pages that may connect, such as `https://example.org`, as browsers name them in the header Origin. Clients that
	 * name none are no web pages, and let in. Default: every page.
	 */
	readonly origins?: readonly string[];
}

/** MQTT directly over TCP. */
export interface TcpListenerOptions extends BoundOptions {
	readonly type: "tcp";
}

/** MQTT over TLS. */
export interface TlsListenerOptions extends BoundOptions {
	readonly type: "tls";
	readonly tls: TlsOptions;
}

/** MQTT over WebSocket, beside a page for people. */
export interface WebSocketListenerOptions extends BoundOptions, WebSocketOptions {
	readonly type: "ws";
}

/** The same over TLS. */
export interface SecureWebSocketListenerOptions extends BoundOptions, WebSocketOptions {
	readonly type: "wss";
	readonly tls: TlsOptions;
}

/**
 * MQTT over the WebSocket upgrades of a server that is the caller's: to start, to limit, and to close. Give a path when
 * others take upgrades there too.
 */
export interface AttachedListenerOptions extends EntranceOptions, WebSocketOptions {
	readonly type: "attached";
	readonly server: HttpServer | HttpsServer;
}
