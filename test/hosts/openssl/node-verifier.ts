import { createPublicKey, ECDH, verify } from "node:crypto";
import type { CheckPoint } from "../../../hosts/device/tls/key-exchange.ts";
import type { VerifySignature } from "../../../src/tls/index.ts";

/** The port on Node's cryptography. */
export const verifyOnNode: VerifySignature = (algorithm, key, signed, signature) => {
	const publicKey = createPublicKey({ key: Buffer.from(key.spki), format: "der", type: "spki" });
	return verify(algorithm.slice(algorithm.indexOf("-") + 1), signed, publicKey, signature);
};

/** The same for points: OpenSSL takes none that is not on the curve. */
export const isOnCurveOnNode: CheckPoint = (point, curve) => {
	try {
		ECDH.convertKey(point, curve === "P-256" ? "prime256v1" : "secp384r1");
		return true;
	} catch {
		return false;
	}
};
