import { Digest } from "crypt";
import type { VerifyingKey } from "../../../../src/tls/index.ts";
import { integer } from "../integers.ts";
import { isEcdsaSignature, rsaBlock } from "../signature-verifier.ts";

/** Octets of padding in a PKCS #1 block, at least, and of what is around it. */
const PADDING = 8;
const FRAME = 3;

/**
 * Signatures of TLS 1.0 and 1.1: RSA over MD5 and SHA-1 one after the other, without a DigestInfo, and ECDSA over SHA-1
 * (RFC 4346 section 7.4.3, RFC 8422 section 5.4).
 */
export function verifyLegacySignature(key: VerifyingKey, signed: Uint8Array, signature: Uint8Array): boolean {
	try {
		return isSignature(key, signed, signature);
	} catch {
		// What the SDK cannot compute with is not a signature.
		return false;
	}
}

function isSignature(key: VerifyingKey, signed: Uint8Array, signature: Uint8Array): boolean {
	const sha1 = new Uint8Array(new Digest("SHA1").process(signed));
	if (key.kind === "ec") return isEcdsaSignature(key, sha1, signature);
	const { length } = key.modulus;
	const digestAt = length - 16 - sha1.length;
	if (signature.length !== length || digestAt < FRAME + PADDING) return false;
	const block = new Uint8Array(length).fill(0xff, 2, digestAt - 1);
	block[1] = 1;
	block.set(new Uint8Array(new Digest("MD5").process(signed)), digestAt);
	block.set(sha1, digestAt + 16);
	return rsaBlock(key, signature) === integer(block);
}
