import { ascii, concat, der, distinguishedName, dnsName, sequence } from "./der-writer.ts";
import { fromHex } from "./hex.ts";

/** ecdsa-with-SHA256. */
const ECDSA_SHA256 = fromHex("300a06082a8648ce3d040302");
/** AlgorithmIdentifier of a key on P-256. */
export const EC_ALGORITHM = fromHex("301306072a8648ce3d020106082a8648ce3d030107");
/** A key that nobody holds. */
const EC_KEY = sequence(EC_ALGORITHM, der(0x03, fromHex("0004"), new Uint8Array(64).fill(7)));

/** The parts of a certificate that a test may want otherwise, each in DER. */
export interface Parts {
	readonly version?: Uint8Array;
	readonly serialNumber?: Uint8Array;
	readonly innerAlgorithm?: Uint8Array;
	readonly outerAlgorithm?: Uint8Array;
	readonly issuer?: Uint8Array;
	readonly validity?: Uint8Array;
	readonly subject?: Uint8Array;
	readonly key?: Uint8Array;
	readonly uniqueIds?: Uint8Array;
	readonly extensions?: Uint8Array;
	/** After the extensions, inside what is signed. */
	readonly extra?: Uint8Array;
	readonly signature?: Uint8Array;
}

/** A certificate put together by hand. Its signature is nobody's. */
export function syntheticCertificate(parts: Parts = {}): Uint8Array {
	const algorithm = parts.innerAlgorithm ?? ECDSA_SHA256;
	const tbs = sequence(
		parts.version ?? fromHex("a003020102"),
		parts.serialNumber ?? fromHex("020101"),
		algorithm,
		parts.issuer ?? distinguishedName("issuer"),
		parts.validity ?? sequence(der(0x17, ascii("250101000000Z")), der(0x17, ascii("450101000000Z"))),
		parts.subject ?? distinguishedName("subject"),
		parts.key ?? EC_KEY,
		parts.uniqueIds ?? concat(),
		parts.extensions ?? extensions(extension("551d11", sequence(dnsName("broker.example.com")))),
		parts.extra ?? concat(),
	);
	return sequence(tbs, parts.outerAlgorithm ?? algorithm, parts.signature ?? fromHex("030900 3006020101020101"));
}

/** The extensions' field. */
export function extensions(...list: readonly Uint8Array[]): Uint8Array {
	return der(0xa3, sequence(...list));
}

/** One extension; `critical` is its BOOLEAN in hexadecimal, left out by default. */
export function extension(oid: string, value: Uint8Array, critical = ""): Uint8Array {
	return sequence(der(0x06, fromHex(oid)), fromHex(critical), der(0x04, value));
}
