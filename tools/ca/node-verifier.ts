import { createPublicKey, verify } from "node:crypto";
import type { VerifySignature } from "../../src/tls/index.ts";

/** The port of `src/tls` on Node's cryptography. */
export const verifyOnNode: VerifySignature = (algorithm, key, signed, signature) => {
	try {
		const publicKey = createPublicKey({ key: Buffer.from(key.spki), format: "der", type: "spki" });
		return verify(algorithm.slice(algorithm.indexOf("-") + 1), signed, publicKey, signature);
	} catch {
		// A key that Node cannot read has signed nothing.
		return false;
	}
};
