import type SSLStream from "ssl/stream";
import type { ServerAuthentication } from "../server-authentication.ts";

/** The session as the handshake's messages see it. */
export interface HandshakeSession {
	readonly options: { readonly authentication: ServerAuthentication };
	readonly clientRandom: ArrayBuffer;
	readonly serverRandom: ArrayBuffer;
	dhparams?: { readonly named_curve: number; readonly dh_Ys: ArrayBuffer };
}

export interface HandshakeMessage {
	readonly name: string;
	unpacketize(session: HandshakeSession, stream: SSLStream | undefined): void;
}

/** The SDK's handshake: one member for each message, and `unpacketize`, which takes one message off a stream. */
export interface HandshakeProtocol {
	readonly name: string;
	readonly serverKeyExchange: HandshakeMessage;
	unpacketize(session: HandshakeSession, stream: SSLStream): void;
}

/** Ours in its place, which puts messages aside, and takes them up when it is told. */
export interface AuthenticatedHandshake extends HandshakeProtocol {
	/** Takes up the next message. False: there is none. */
	proceed(session: HandshakeSession): boolean;
}
