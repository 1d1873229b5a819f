import { type DerReader, TAG } from "./der.ts";
import { readOid } from "./oid.ts";

/** Signature algorithms that are accepted: ECDSA (RFC 5758) and RSASSA-PKCS1-v1_5 (RFC 8017) over SHA-2. */
export type SignatureAlgorithm =
	| "ecdsa-sha256"
	| "ecdsa-sha384"
	| "ecdsa-sha512"
	| "rsa-sha256"
	| "rsa-sha384"
	| "rsa-sha512";

/** An algorithm that is not accepted. */
export interface RefusedAlgorithm {
	/** Whether it is refused for its strength rather than for being unknown here. */
	readonly weak: boolean;
	/** Its name or object identifier, for a person. */
	readonly what: string;
}

/** Reads an AlgorithmIdentifier of a signature (RFC 5280 section 4.1.1.2). */
export function readSignatureAlgorithm(reader: DerReader): SignatureAlgorithm | RefusedAlgorithm {
	const sequence = reader.enter(TAG.sequence);
	const algorithm = algorithmOf(readOid(sequence));
	if (typeof algorithm === "string") readNoParameters(sequence, algorithm);
	return algorithm;
}

/** ECDSA has none (RFC 5758 section 3.2); RSA has NULL, and none is to be accepted as well (RFC 4055 section 5). */
function readNoParameters(sequence: DerReader, algorithm: SignatureAlgorithm): void {
	if (algorithm.startsWith("rsa") && !sequence.done) sequence.enter(TAG.null).finish();
	sequence.finish();
}

function algorithmOf(oid: string): SignatureAlgorithm | RefusedAlgorithm {
	switch (oid) {
		case "1.2.840.10045.4.3.2":
			return "ecdsa-sha256";
		case "1.2.840.10045.4.3.3":
			return "ecdsa-sha384";
		case "1.2.840.10045.4.3.4":
			return "ecdsa-sha512";
		case "1.2.840.113549.1.1.11":
			return "rsa-sha256";
		case "1.2.840.113549.1.1.12":
			return "rsa-sha384";
		case "1.2.840.113549.1.1.13":
			return "rsa-sha512";
		case "1.2.840.113549.1.1.4":
			return { weak: true, what: "MD5 with RSA" };
		case "1.2.840.113549.1.1.5":
		case "1.3.14.3.2.29":
			return { weak: true, what: "SHA-1 with RSA" };
		case "1.2.840.10045.4.1":
			return { weak: true, what: "SHA-1 with ECDSA" };
		default:
			return { weak: false, what: oid };
	}
}
