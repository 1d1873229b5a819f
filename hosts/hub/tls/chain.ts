import type { X509Certificate } from "node:crypto";

/** More issuers than any real chain has. */
const MAX_LENGTH = 10;

/**
 * The certificate and its issuers, each followed by the one that signed it, as far as they are among `candidates`. That
 * is what a TLS server must send (RFC 8446 section 4.4.2), in whatever order the files have them.
 */
export function chainOf(leaf: X509Certificate, candidates: readonly X509Certificate[]): readonly X509Certificate[] {
	const chain = [leaf];
	for (let last = leaf; !isSelfIssued(last) && chain.length < MAX_LENGTH; ) {
		const issuer = candidates.find((candidate) => isIssuer(candidate, last));
		if (issuer === undefined) break;
		chain.push(issuer);
		last = issuer;
	}
	return chain;
}

export function isSelfIssued(certificate: X509Certificate): boolean {
	return isIssuer(certificate, certificate);
}

function isIssuer(candidate: X509Certificate, subject: X509Certificate): boolean {
	return subject.checkIssued(candidate) && subject.verify(candidate.publicKey);
}
