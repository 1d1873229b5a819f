import type { X509Certificate } from "node:crypto";
import { parseCertificate } from "../../src/tls/index.ts";
import { CaError } from "./errors.ts";
import { commonName } from "./roots.ts";

const MIN_RSA_BITS = 2_048;
const MAX_RSA_BITS = 4_096;
/** Bits of keyUsage, in its first octet (RFC 5280 section 4.2.1.3). */
const KEY_CERT_SIGN = 0x04;
const DIGITAL_SIGNATURE = 0x80;
const TWO_YEARS_MS = 2 * 365 * 86_400_000;

export interface Judgement {
	/** Bundled as it is, and yet of concern. */
	readonly warning: string | undefined;
}

/** Refuses what a device cannot use as a bundled certificate. `isPinned`: it is to be trusted as it stands. */
export function judge(certificate: X509Certificate, isPinned: boolean, now: number): Judgement {
	const fault = faultOf(certificate, isPinned, now);
	if (fault !== undefined) throw new CaError(`${describe(certificate)}: ${fault}`);
	return { warning: expiryWarning(certificate, now) };
}

/** That a certificate ends within two years, or undefined. */
export function expiryWarning(certificate: X509Certificate, now: number): string | undefined {
	const end = Date.parse(certificate.validTo);
	if (end - now >= TWO_YEARS_MS) return undefined;
	return `${describe(certificate)} expires on ${day(end)}: plan to build and flash again before`;
}

/** What to call a certificate. */
export function describe(certificate: X509Certificate): string {
	return (
		commonName(certificate) ?? (certificate.subject.replaceAll("\n", ", ") || `serial ${certificate.serialNumber}`)
	);
}

/** A time as `YYYY-MM-DD`. */
export function day(time: number): string {
	return new Date(time).toISOString().slice(0, 10);
}

function faultOf(certificate: X509Certificate, isPinned: boolean, now: number): string | undefined {
	const end = Date.parse(certificate.validTo);
	if (end < now) return `expired on ${day(end)}: get its successor`;
	if (!isPinned && !mayIssue(certificate)) {
		return "is not a CA certificate: name the file of the CA that issued it, or trust it as it stands with --pin";
	}
	return keyFault(certificate) ?? formFault(certificate) ?? (isPinned ? serverFault(certificate) : undefined);
}

function mayIssue({ raw }: X509Certificate): boolean {
	try {
		const { keyUsage, isCa } = parseCertificate(raw).extensions;
		return isCa && (keyUsage === undefined || (keyUsage & KEY_CERT_SIGN) !== 0);
	} catch {
		// `formFault` says what is wrong with it.
		return true;
	}
}

/** Why devices cannot compute with the certificate's key, or undefined. */
export function keyFault({ publicKey }: X509Certificate): string | undefined {
	const { asymmetricKeyType: type, asymmetricKeyDetails: details } = publicKey;
	const bits = details?.modulusLength ?? 0;
	if (type === "rsa") {
		return bits >= MIN_RSA_BITS && bits <= MAX_RSA_BITS
			? undefined
			: `has an RSA key of ${bits} bits: devices take ${MIN_RSA_BITS} to ${MAX_RSA_BITS}`;
	}
	const isKnownCurve = details?.namedCurve === "prime256v1" || details?.namedCurve === "secp384r1";
	return type === "ec" && isKnownCurve ? undefined : "has a key that devices do not know: use RSA, P-256 or P-384";
}

/** Why devices refuse the certificate as a server's own, or undefined. To be asked when it has no `formFault`. */
function serverFault({ raw }: X509Certificate): string | undefined {
	const { keyUsage, allowsServerAuth } = parseCertificate(raw).extensions;
	if (keyUsage !== undefined && (keyUsage & DIGITAL_SIGNATURE) === 0) {
		return "has a keyUsage without digitalSignature, which a server's needs: have it issued with it";
	}
	return allowsServerAuth === false ? "is not for a TLS server: have it issued with serverAuth" : undefined;
}

function formFault({ raw }: X509Certificate): string | undefined {
	try {
		const { unknownCritical } = parseCertificate(raw).extensions;
		return unknownCritical && `has the critical extension ${unknownCritical}, which devices do not know`;
	} catch (error) {
		return `is not X.509 as RFC 5280 has it (${(error as Error).message})`;
	}
}
