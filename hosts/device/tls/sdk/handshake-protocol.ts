import type SSLStream from "ssl/stream";
import type { ClientAuthentication } from "../client-authentication.ts";
import type { HandshakeInput } from "../handshake-reader.ts";
import type { ServerAuthentication } from "../server-authentication.ts";

/** The session as the handshake's messages see it. */
export interface HandshakeSession {
	readonly options: {
		/** Where a record's content of this protocol goes. */
		readonly input: HandshakeInput;
		readonly authentication: ServerAuthentication;
		readonly clientAuthentication: ClientAuthentication;
	};
	/** Of all messages so far. `close(true)` leaves it open. */
	readonly handshakeDigests: { readonly SHA256: { close(more: true): ArrayBuffer } };
	/** To be shown; undefined: the server has not asked. */
	clientCerts?: readonly Uint8Array[];
	readonly clientRandom: ArrayBuffer;
	readonly serverRandom: ArrayBuffer;
	dhparams?: { readonly named_curve: number; readonly dh_Ys: ArrayBuffer };
}

export interface HandshakeMessage {
	readonly name: string;
	/** HandshakeType (RFC 5246 section 7.4). */
	readonly msgType: number;
	unpacketize(session: HandshakeSession, stream: SSLStream | undefined): void;
	/** The record to send. */
	packetize(session: HandshakeSession): Uint8Array;
}

/**
 * The SDK's handshake: one member for each message, `unpacketize`, which takes one message off a stream, and `packetize`,
 * which makes a record of a message's body.
 */
export interface HandshakeProtocol {
	readonly name: string;
	readonly serverHello: HandshakeMessage;
	readonly certificate: HandshakeMessage;
	readonly serverKeyExchange: HandshakeMessage;
	readonly certificateRequest: HandshakeMessage;
	readonly certificateVerify: HandshakeMessage;
	unpacketize(session: HandshakeSession, stream: SSLStream): void;
	packetize(session: HandshakeSession, type: number, body: SSLStream): Uint8Array;
}

/** Ours in its place, which puts messages aside, and takes them up when it is told. */
export interface AuthenticatedHandshake extends HandshakeProtocol {
	/** Takes up the next message. False: there is none. */
	proceed(session: HandshakeSession): boolean;
}
