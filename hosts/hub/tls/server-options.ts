import type { TlsOptions as NodeTlsOptions, TLSSocket } from "node:tls";
import type { TlsOptions } from "./credentials.ts";
import type { LiveCredentials } from "./live-credentials.ts";

/** What `tls` and `https` servers are made with. */
export function serverOptions({ clientCertificate }: TlsOptions, credentials: LiveCredentials): NodeTlsOptions {
	return {
		...credentials.context,
		requestCert: clientCertificate === "optional" || clientCertificate === "required",
		rejectUnauthorized: clientCertificate === "required",
	};
}

/** Who a client is by the certificate that it showed. */
export type PeerCertificate =
	/** It showed none. */
	| { readonly kind: "none" }
	/** `name` is the subject's first common name, if it has one. */
	| { readonly kind: "verified"; readonly name: string | undefined }
	| { readonly kind: "wrong"; readonly reason: string };

const NONE: PeerCertificate = { kind: "none" };

/** What the client showed in the handshake that is over now. */
export function peerCertificate(socket: TLSSocket): PeerCertificate {
	const { subject } = socket.getPeerCertificate();
	if (subject === undefined) return NONE;
	if (!socket.authorized) return { kind: "wrong", reason: String(socket.authorizationError) };
	const name: string | readonly string[] | undefined = subject.CN;
	return { kind: "verified", name: typeof name === "string" ? name : name?.[0] };
}
