import type Session from "ssl/session";
import { isIPv4Address } from "../address.ts";
import type { ClientAuthentication } from "./client-authentication.ts";
import { AFTER_HANDSHAKE } from "./handshake-reader.ts";
import { CURVES, OFFERED_ALGORITHMS } from "./key-exchange.ts";
import type { ServerAuthentication } from "./server-authentication.ts";
import type { SessionOptions } from "./session-options.ts";
import type { TlsTransportOptions } from "./tls-transport.ts";

/** Octets of plain text in a record, in both directions where the server agrees: a record lies in RAM as a whole. */
export const RECORD_SIZE = 4_096;

/** Lets a session drop what only its first message needed. */
export function forgetHello(session: Session): void {
	const { input, authentication, clientAuthentication } = session.options;
	session.options = { input, authentication, clientAuthentication };
}

/** All that a session needs of these once records are protected. In flash. */
const AFTERWARDS = { input: AFTER_HANDSHAKE };

/** Lets a session drop what only its handshake needed: it would be a good part of what a connection takes. */
export function forgetHandshake(session: Session): void {
	session.options = AFTERWARDS;
	delete session.handshakeDigests;
	delete session.clientRandom;
	delete session.serverRandom;
	delete session.dhparams;
	delete session.masterSecret;
	delete session.minProtocolVersion;
	delete session.maxProtocolVersion;
	delete session.compressionMethod;
	forgetKey(session.clientCipher);
	forgetKey(session.serverCipher);
}

/** The cipher has made of it what it needs. XS takes no `delete` with `?.`. */
function forgetKey(cipher: Session["clientCipher"]): void {
	if (cipher !== null) delete cipher.key;
}

/** What to start a session with. */
export function sessionOptions(
	{ trust, alpn }: TlsTransportOptions,
	protocolVersion: number,
	authentication: ServerAuthentication,
	clientAuthentication: ClientAuthentication,
): SessionOptions {
	const { host } = trust;
	const isName = !isIPv4Address(host) && !host.includes(":");
	return {
		protocolVersion,
		cache: false,
		input: authentication.messages,
		authentication,
		clientAuthentication,
		...(isName && { tls_server_name: host }),
		tls_max_fragment_length: RECORD_SIZE,
		tls_elliptic_curves: CURVES,
		tls_signature_algorithms: OFFERED_ALGORITHMS,
		...(alpn && { tls_application_layer_protocol_negotiation: alpn }),
	};
}
