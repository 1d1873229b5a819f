import type { Seconds } from "../ports/index.ts";
import { bytesEqual } from "./bytes.ts";
import { type Certificate, parseCertificate } from "./certificate.ts";
import { KEY_USAGE } from "./extensions.ts";
import type { PathLimits } from "./limits.ts";
import { rsaKeyFault } from "./public-key.ts";
import { type Refusal, refuseCertificate } from "./refusal.ts";
import { formatDate } from "./time.ts";

/**
 * From the server's certificate (first) through its issuers to a bundled certificate (last). Each is in DER, well-formed,
 * and read when it is asked about: a certificate that has been read takes as much RAM again.
 */
export type CertificationPath = readonly Uint8Array[];

/**
 * What path validation (RFC 5280 section 6.1) asks without a signature: dates, rights, lengths, algorithms. The last
 * certificate is a trust anchor by the owner's will, so its own signature does not count, nor do its dates unless it is
 * the server's as well; its rights and its key do.
 */
export function checkPath(path: CertificationPath, now: Seconds, limits: PathLimits): Refusal | undefined {
	let follows = 0; // CA certificates below the one at hand, self-issued ones not counted.
	let index = 0;
	for (let der = path[0]; der !== undefined; der = path[++index]) {
		const certificate = parseCertificate(der);
		const isServer = index === 0;
		const isAnchor = index === path.length - 1;
		const refusal =
			checkCritical(certificate) ??
			checkKey(certificate, limits) ??
			(isServer ? checkServer(certificate) : checkIssuer(certificate, follows)) ??
			(isServer || !isAnchor ? checkDates(certificate, now) : undefined) ??
			(isAnchor ? undefined : checkAlgorithm(certificate));
		if (refusal !== undefined) return refusal;
		if (!isServer && !isSelfIssued(certificate)) follows++;
	}
	return undefined;
}

/** Whether issuer and subject are the same name. */
export function isSelfIssued(certificate: Certificate): boolean {
	return bytesEqual(certificate.issuer, certificate.subject);
}

function checkCritical(certificate: Certificate): Refusal | undefined {
	const oid = certificate.extensions.unknownCritical;
	if (oid === undefined) return undefined;
	const fault = `has the critical extension ${oid}, which is not known here`;
	return refuseCertificate("unknown-critical-extension", certificate, fault, "have it issued without");
}

function checkKey(certificate: Certificate, limits: PathLimits): Refusal | undefined {
	const key = certificate.publicKey;
	if (key.kind === "unsupported") {
		const fault = `has a key that is not supported (${key.what})`;
		return refuseCertificate("unsupported-algorithm", certificate, fault, "use RSA, P-256 or P-384");
	}
	const fault = key.kind === "rsa" ? rsaKeyFault(key, limits.maxRsaBits) : undefined;
	if (fault === undefined) return undefined;
	return refuseCertificate(
		"weak-algorithm",
		certificate,
		`has an unfit key (${fault})`,
		"have it issued for another key",
	);
}

function checkDates(certificate: Certificate, now: Seconds): Refusal | undefined {
	const { notBefore, notAfter } = certificate;
	const clock = Number.isFinite(now) ? formatDate(now) : "nothing";
	// Both are asked positively, so that a clock that is not a number passes neither.
	if (!(now >= notBefore)) {
		const fault = `is valid from ${formatDate(notBefore)}, but the clock says ${clock}`;
		return refuseCertificate("not-yet-valid", certificate, fault, "set the clock");
	}
	if (now <= notAfter) return undefined;
	const fault = `expired on ${formatDate(notAfter)}, and the clock says ${clock}`;
	return refuseCertificate("expired", certificate, fault, "renew it on the server");
}

/** The server's own certificate: RFC 5280 sections 4.2.1.3 and 4.2.1.12. */
function checkServer(certificate: Certificate): Refusal | undefined {
	const { keyUsage, allowsServerAuth } = certificate.extensions;
	// RFC 5246 section 7.4.2, RFC 8446 section 4.4.2.2: where keys are agreed upon by ECDHE, the server's only signs.
	if (keyUsage !== undefined && (keyUsage & KEY_USAGE.digitalSignature) === 0) {
		const fault = "has a keyUsage without digitalSignature, but the server's key has to sign";
		return refuseCertificate("may-not-sign", certificate, fault, "have it issued with digitalSignature");
	}
	if (allowsServerAuth !== false) return undefined;
	const remedy = "have it issued with serverAuth";
	return refuseCertificate("wrong-purpose", certificate, "is not for a TLS server", remedy);
}

/** Whatever issued something: RFC 5280 section 6.1.4, k to n. */
function checkIssuer(certificate: Certificate, follows: number): Refusal | undefined {
	const { isCa, keyUsage, pathLength, allowsServerAuth } = certificate.extensions;
	if (!isCa || (keyUsage !== undefined && (keyUsage & KEY_USAGE.keyCertSign) === 0)) {
		const fault = "is named as an issuer, but has no right to issue certificates";
		return refuseCertificate("not-a-ca", certificate, fault, "use a CA certificate, and suspect an attack");
	}
	if (pathLength !== undefined && follows > pathLength) {
		const fault = `allows ${pathLength} CA certificates below it, but there are ${follows}`;
		return refuseCertificate("path-too-long", certificate, fault, "have the server's issued by a CA nearer to it");
	}
	if (allowsServerAuth !== false) return undefined;
	const fault = "is of a CA that is not for TLS servers";
	return refuseCertificate("wrong-purpose", certificate, fault, "have the server's issued by another CA");
}

function checkAlgorithm(certificate: Certificate): Refusal | undefined {
	const algorithm = certificate.signatureAlgorithm;
	if (typeof algorithm === "string") return undefined;
	const reason = algorithm.weak ? "weak-algorithm" : "unsupported-algorithm";
	const fault = `is signed with ${algorithm.what}, which is ${algorithm.weak ? "too weak" : "not supported"}`;
	return refuseCertificate(reason, certificate, fault, "have it signed with ECDSA or RSA (PKCS #1 v1.5) over SHA-256");
}
