import type { ClientAuthentication } from "./client-authentication.ts";
import type { HandshakeInput } from "./handshake-reader.ts";
import type { ServerAuthentication } from "./server-authentication.ts";

/** Read by our modules in place of the SDK's: `sdk/`. */
export interface LastingOptions {
	readonly input: HandshakeInput;
	/** Until the handshake is done. */
	readonly authentication?: ServerAuthentication | undefined;
	readonly clientAuthentication?: ClientAuthentication | undefined;
}

/** What a `Session` of the SDK is made with. Names that begin with `tls_` are extensions of the ClientHello. */
export interface SessionOptions extends LastingOptions {
	/** The least version: 0x303 is TLS 1.2. */
	readonly protocolVersion: number;
	/** Resumed sessions would bring no certificate to look at. */
	readonly cache: false;
	/** RFC 6066 section 3: a name, never an address. */
	readonly tls_server_name?: string;
	/** RFC 6066 section 4: octets of a record's content, a power of two from 512 to 4,096. Servers may ignore it. */
	readonly tls_max_fragment_length: number;
	/** RFC 8422 section 5.1.1. */
	readonly tls_elliptic_curves: readonly number[];
	/** RFC 5246 section 7.4.1.4.1. */
	readonly tls_signature_algorithms: readonly SignatureAndHash[];
	/** RFC 7301. */
	readonly tls_application_layer_protocol_negotiation?: readonly string[];
}

export interface SignatureAndHash {
	readonly hash: number;
	readonly sig: number;
}
