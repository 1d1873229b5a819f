import type { Seconds } from "../ports/index.ts";
import { bytesEqual } from "./bytes.ts";
import { type Certificate, parseCertificate, readSubject } from "./certificate.ts";
import { DerError } from "./der.ts";
import { listHosts, namesHost, parseHost } from "./host-name.ts";
import { DEVICE_PATH_LIMITS, type PathLimits } from "./limits.ts";
import { type CertificationPath, checkPath } from "./path-check.ts";
import { PathSearch } from "./path-search.ts";
import { type Refusal, refuse, refuseCertificate } from "./refusal.ts";
import type { VerifySignature } from "./signature.ts";
import { SignatureChecker } from "./signature-check.ts";

/** A question: may this server be talked to? */
export interface PathRequest {
	/** What the server sent, each in DER: its own certificate first (RFC 8446 section 4.4.2), others in any order. */
	readonly certificates: readonly Uint8Array[];
	/**
	 * Bundled certificates, each in DER. A CA certificate, self-signed or not, anchors what it issued. Any certificate
	 * that the server sends as its own, octet for octet, is trusted as it stands.
	 */
	readonly anchors: readonly Uint8Array[];
	/** The host that the application asked for: a DNS name or an IP address. */
	readonly host: string;
	/** The time, in seconds since 1970-01-01T00:00:00Z. */
	readonly now: Seconds;
	/** Drops the host name check, and nothing else. Default false. */
	readonly insecure?: boolean;
	readonly verifySignature: VerifySignature;
	/** Default `DEVICE_PATH_LIMITS`. */
	readonly limits?: PathLimits;
}

/**
 * The answer yes, with the path from the server's certificate (first) to the bundled one (last; the same if pinned).
 */
export interface Acceptance {
	readonly ok: true;
	readonly path: CertificationPath;
}

export type PathResult = Acceptance | Refusal;

/**
 * Validates a TLS server's certificates: RFC 5280 section 6 without policies and revocation, and host names by RFC
 * 9525. Never throws, whatever the server sent; work and memory are bounded by `limits`.
 *
 * The dates of a bundled CA are not checked: it is trusted because it was bundled, and a device in the field must not
 * lose its broker on the day that its copy of a root reaches a date. To stop trusting a CA, take it out of the bundle.
 */
export function validatePath(request: PathRequest): PathResult {
	const limits = request.limits ?? DEVICE_PATH_LIMITS;
	const [first, ...others] = request.certificates;
	if (first === undefined) return refuse("no-certificate", "The server sent no certificate", "give it one");
	const refusal = checkSizes(request.certificates, limits);
	if (refusal !== undefined) return refusal;
	const leaf = reading(() => parseCertificate(first), "malformed", "The certificate of the server");
	if ("reason" in leaf) return leaf;
	const path = isAmong(first, request.anchors)
		? (checkPath([leaf], request.now, limits) ?? [leaf])
		: findPath(request, leaf, others, limits);
	if ("reason" in path) return path;
	return (request.insecure ? undefined : checkHost(leaf, request.host)) ?? { ok: true, path };
}

function checkSizes(certificates: readonly Uint8Array[], limits: PathLimits): Refusal | undefined {
	const { maxCertificates, maxCertificateBytes } = limits;
	if (certificates.length > maxCertificates) {
		const fault = `The server sent ${certificates.length} certificates, more than ${maxCertificates}`;
		return refuse("over-limit", fault, "have it send its own chain and nothing else");
	}
	if (certificates.every((der) => der.length <= maxCertificateBytes)) return undefined;
	const fault = `The server sent a certificate of more than ${maxCertificateBytes} bytes`;
	return refuse("over-limit", fault, "have it issued for fewer names");
}

function findPath(
	request: PathRequest,
	leaf: Certificate,
	others: readonly Uint8Array[],
	limits: PathLimits,
): CertificationPath | Refusal {
	const received: Certificate[] = [leaf];
	let malformed: Refusal | undefined;
	for (const [index, der] of others.entries()) {
		const what = `Certificate ${index + 2} of those that the server sent`;
		const certificate = reading(() => parseCertificate(der), "malformed", what);
		// What is not needed may be broken; what is needed will be missed.
		if ("reason" in certificate) malformed ??= certificate;
		else received.push(certificate);
	}
	const anchors = readAnchors(request.anchors, received);
	if ("reason" in anchors) return anchors;
	const signatures = new SignatureChecker(request.verifySignature, limits.maxSignatureChecks);
	const search = new PathSearch({ intermediates: received.slice(1), anchors }, signatures, request.now, limits);
	const path = search.run(leaf);
	return "reason" in path && path.reason === "unknown-ca" ? (malformed ?? path) : path;
}

/** The bundled certificates that issued any of those received, going by names: the rest need not be read. */
function readAnchors(ders: readonly Uint8Array[], received: readonly Certificate[]): Certificate[] | Refusal {
	const anchors: Certificate[] = [];
	for (const [index, der] of ders.entries()) {
		const anchor = reading(() => readAnchor(der, received), "bad-anchor", `Bundled certificate ${index + 1}`);
		if (anchor === undefined) continue;
		if ("reason" in anchor) return anchor;
		anchors.push(anchor);
	}
	return anchors;
}

function readAnchor(der: Uint8Array, received: readonly Certificate[]): Certificate | undefined {
	const subject = readSubject(der);
	return received.some(({ issuer }) => bytesEqual(issuer, subject)) ? parseCertificate(der) : undefined;
}

/** What `read` returns, or a refusal in place of its `DerError`. */
function reading<T>(read: () => T, reason: "malformed" | "bad-anchor", what: string): T | Refusal {
	try {
		return read();
	} catch (error) {
		if (error instanceof DerError) return refuse(reason, `${what} is malformed, ${error.message}`, "replace it");
		throw error;
	}
}

function isAmong(der: Uint8Array, list: readonly Uint8Array[]): boolean {
	return list.some((other) => bytesEqual(der, other));
}

/** Only subjectAltName counts: the common name is text for people (RFC 9525 section 2). */
function checkHost(leaf: Certificate, host: string): Refusal | undefined {
	const identity = parseHost(host);
	const names = leaf.extensions.subjectAltName;
	if (identity !== undefined && names !== undefined && namesHost(names, identity)) return undefined;
	const hosts = names === undefined ? "no host, having no subjectAltName" : listHosts(names, 4).join(", ") || "no host";
	const asked = identity === undefined ? `"${host}", which is neither a DNS name nor an IP address` : `"${host}"`;
	const remedy = "use a name of the certificate, or have it issued for this one";
	return refuseCertificate("wrong-host", leaf, `is for ${hosts}, not for ${asked}`, remedy);
}
