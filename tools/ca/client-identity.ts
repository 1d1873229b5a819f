import { createPrivateKey, type KeyObject, type X509Certificate } from "node:crypto";
import { readBytes, readCertificateFile } from "./certificate-file.ts";
import { CaError } from "./errors.ts";
import { day, describe, expiryWarning, keyFault } from "./judge.ts";

/** What a device shows of itself when its broker asks for a client certificate. */
export interface ClientIdentity {
	/** The device's own first, its issuers after it. */
	readonly chain: readonly X509Certificate[];
	/** PKCS #8 in DER, not encrypted. */
	readonly key: Buffer;
	readonly warning: string | undefined;
}

/** id-kp-clientAuth and anyExtendedKeyUsage (RFC 5280 section 4.2.1.12). */
const CLIENT_PURPOSES: readonly string[] = ["1.3.6.1.5.5.7.3.2", "2.5.29.37.0"];
/** Octets of a Certificate message that fit into one record of 4 KB, the largest that a device sends. */
const MAX_CHAIN = 4_000;

/** Reads and checks a client's certificate and private key, each in PEM or DER. Throws CaError, without any of the key. */
export function readClientIdentity(certificatePath: string, keyPath: string, now: number): ClientIdentity {
	const chain = readCertificateFile(certificatePath).filter(isShown);
	const [own] = chain;
	if (own === undefined) throw new CaError(`${certificatePath}: holds no certificate`);
	const key = readPrivateKey(keyPath);
	const fault = certificateFault(own, now);
	if (fault !== undefined) throw new CaError(`${describe(own)}: ${fault}`);
	if (!own.checkPrivateKey(key)) {
		throw new CaError(`${keyPath}: is not the key of ${describe(own)}, the first certificate in ${certificatePath}`);
	}
	const bytes = chain.reduce((sum, { raw }) => sum + raw.length, 0);
	if (bytes > MAX_CHAIN) {
		throw new CaError(`${certificatePath}: ${bytes} bytes of certificates, and a device shows ${MAX_CHAIN} at most`);
	}
	return { chain, key: key.export({ type: "pkcs8", format: "der" }), warning: expiryWarning(own, now) };
}

/** A root that follows is the server's to know. */
function isShown(certificate: X509Certificate, at: number): boolean {
	return at === 0 || certificate.issuer !== certificate.subject;
}

function certificateFault(certificate: X509Certificate, now: number): string | undefined {
	const end = Date.parse(certificate.validTo);
	if (end < now) return `expired on ${day(end)}: get its successor`;
	// What Node calls `keyUsage` is extendedKeyUsage.
	const purposes: readonly string[] | undefined = certificate.keyUsage;
	if (purposes !== undefined && !purposes.some((purpose) => CLIENT_PURPOSES.includes(purpose))) {
		return "is not for clients: have it issued with extendedKeyUsage clientAuth";
	}
	return keyFault(certificate);
}

function readPrivateKey(path: string): KeyObject {
	const bytes = readBytes(path);
	const isPem = bytes.includes("-----BEGIN ");
	if (isPem && /-----BEGIN ENCRYPTED |^Proc-Type: 4,ENCRYPTED/m.test(bytes.toString("latin1"))) {
		throw new CaError(`${path}: is encrypted, and a device cannot ask: openssl pkey -in ${path} writes it in the open`);
	}
	const forms = isPem ? ([{ format: "pem" }] as const) : DER_FORMS;
	for (const form of forms) {
		try {
			return createPrivateKey({ key: bytes, ...form });
		} catch {
			// It may be of the next form. OpenSSL's own words could hold some of the key.
		}
	}
	throw new CaError(`${path}: not a private key in PEM or DER`);
}

const DER_FORMS = [
	{ format: "der", type: "pkcs8" },
	{ format: "der", type: "sec1" },
	{ format: "der", type: "pkcs1" },
] as const;
