import { UsageError } from "../../../src/codec/index.ts";
import { DerError, isPlausibleSignature, type PublicKey, parsePublicKey } from "../../../src/tls/index.ts";
import { verifySignature } from "./signature-verifier.ts";

const ALGORITHM = "ecdsa-sha256";

/**
 * Checks signatures, in DER, of ECDSA with SHA-256. `spki`: the SubjectPublicKeyInfo of a key on P-256, in DER. Throws
 * UsageError when it is none.
 */
export function ecdsaVerifier(spki: Uint8Array): (signed: Uint8Array, signature: Uint8Array) => boolean {
	const key = read(spki);
	if (key?.kind !== "ec" || key.curve !== "P-256") throw new UsageError("the key is no public ECDSA key on P-256");
	return (signed, signature) =>
		isPlausibleSignature(ALGORITHM, key, signature) && verifySignature(ALGORITHM, key, signed, signature);
}

function read(spki: Uint8Array): PublicKey | undefined {
	try {
		return parsePublicKey(spki);
	} catch (error) {
		if (error instanceof DerError) return undefined;
		throw error;
	}
}
