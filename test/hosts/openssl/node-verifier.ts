import { createPublicKey, verify } from "node:crypto";
import type { VerifySignature } from "../../../src/tls/index.ts";

/** The port on Node's cryptography. */
export const verifyOnNode: VerifySignature = (algorithm, key, signed, signature) => {
	const publicKey = createPublicKey({ key: Buffer.from(key.spki), format: "der", type: "spki" });
	return verify(algorithm.slice(algorithm.indexOf("-") + 1), signed, publicKey, signature);
};
