import type { Certificate } from "./certificate.ts";
import { describeName, isEmptyName } from "./distinguished-name.ts";
import { listHosts } from "./host-name.ts";

/** Why a server's certificates are refused. */
export type RefusalReason =
	/** The server sent none. */
	| "no-certificate"
	/** More certificates, octets or work than the limits allow. */
	| "over-limit"
	/** Not DER, or not X.509 as RFC 5280 has it. */
	| "malformed"
	/** A bundled certificate is malformed: ours to repair, not the server's. */
	| "bad-anchor"
	/** No path leads to a bundled certificate. */
	| "unknown-ca"
	/** The server's certificate signs itself and is not a bundled one. */
	| "self-signed"
	| "expired"
	| "not-yet-valid"
	| "bad-signature"
	/** A signature algorithm or a key that is too weak: MD5, SHA-1, RSA below 2,048 bits. */
	| "weak-algorithm"
	/** A signature algorithm or a key of a kind that is not known here. */
	| "unsupported-algorithm"
	/** A certificate was used as an issuer without the right to be one. */
	| "not-a-ca"
	/** More CA certificates in a row than one of them allows. */
	| "path-too-long"
	/** The certificate, or a CA above it, is not for TLS servers. */
	| "wrong-purpose"
	/** The server's key may be used for something, but not to sign, which each key exchange asks of it. */
	| "may-not-sign"
	| "unknown-critical-extension"
	/** A name that a CA above may not certify, or that cannot be compared with what it may. */
	| "name-constraint"
	/** All else is in order, but the certificate is for another host. */
	| "wrong-host";

/** The answer no, with its reason. */
export interface Refusal {
	readonly ok: false;
	readonly reason: RefusalReason;
	/** What is wrong with which certificate, and what to do about it, for a person. Safe to log. */
	readonly message: string;
}

/** Makes a refusal of what is wrong and what to do about it, both without a full stop. */
export function refuse(reason: RefusalReason, fault: string, remedy: string): Refusal {
	return { ok: false, reason, message: `${fault}: ${remedy}.` };
}

/** Makes a refusal for a fault of one certificate, which the message names by its subject. */
export function refuseCertificate(
	reason: RefusalReason,
	certificate: Certificate,
	fault: string,
	remedy: string,
): Refusal {
	return refuse(reason, `The certificate of ${describeCertificate(certificate)} ${fault}`, remedy);
}

/** What to call a certificate in a message: its subject, or what it is for if it has none. */
export function describeCertificate(certificate: Certificate): string {
	const { subject, extensions } = certificate;
	const host =
		isEmptyName(subject) && extensions.subjectAltName ? listHosts(extensions.subjectAltName, 1)[0] : undefined;
	return `"${host ?? describeName(subject)}"`;
}
