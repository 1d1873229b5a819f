import type { RefusalReason } from "../../src/tls/index.ts";
import type { CertificateName } from "./tls-certificates.ts";

/** A server's certificates and what is to become of them. */
export interface TlsCase {
	readonly title: string;
	/** In the order in which the server sends them, its own first. */
	readonly sent: readonly CertificateName[];
	readonly anchors: readonly CertificateName[];
	/** Default broker.example.com. */
	readonly host?: string;
	readonly insecure?: boolean;
}

export interface AcceptedCase extends TlsCase {
	/** Default: those sent, then the anchor. */
	readonly path?: readonly CertificateName[];
}

export interface RefusedCase extends TlsCase {
	readonly reason: RefusalReason;
	/** A part of the message: the subject that it must name. */
	readonly names?: string;
}
