import { isIPv4Address } from "../address.ts";
import type { ClientAuthentication } from "./client-authentication.ts";
import { CURVES, offeredAlgorithms } from "./key-exchange.ts";
import type { ServerAuthentication } from "./server-authentication.ts";
import type { SessionOptions } from "./session-options.ts";
import type { TlsTransportOptions } from "./tls-transport.ts";

/** Octets of plain text in a record, in both directions where the server agrees: a record lies in RAM as a whole. */
export const RECORD_SIZE = 4_096;
const TLS_1_2 = 0x303;

/** What to start a session with. */
export function sessionOptions(
	{ trust, alpn }: TlsTransportOptions,
	authentication: ServerAuthentication,
	clientAuthentication: ClientAuthentication,
): SessionOptions {
	const { host } = trust;
	const isName = !isIPv4Address(host) && !host.includes(":");
	return {
		protocolVersion: TLS_1_2,
		cache: false,
		authentication,
		clientAuthentication,
		...(isName && { tls_server_name: host }),
		tls_max_fragment_length: RECORD_SIZE,
		tls_elliptic_curves: CURVES,
		tls_signature_algorithms: offeredAlgorithms(),
		...(alpn && { tls_application_layer_protocol_negotiation: alpn }),
	};
}
