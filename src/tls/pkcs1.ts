import type { SignatureAlgorithm } from "./signature-algorithm.ts";

/** Octets of a DigestInfo before the digest (RFC 8017 section 9.2, note 1). SHA-2 differs in three of them. */
const DIGEST_INFO_LENGTH = 19;

/**
 * The block that an RSASSA-PKCS1-v1_5 signature must turn into (EMSA-PKCS1-v1_5, RFC 8017 section 9.2), for hosts whose
 * cryptography offers the RSA operation alone: 00 01 FF … FF 00 DigestInfo. `length` is the modulus' in octets;
 * undefined if it is too short for the digest.
 */
export function pkcs1Encoding(
	algorithm: SignatureAlgorithm,
	digest: Uint8Array,
	length: number,
): Uint8Array | undefined {
	const info = length - digest.length - DIGEST_INFO_LENGTH;
	if (info < 11) return undefined;
	const block = new Uint8Array(length).fill(0xff, 2, info - 1);
	block[1] = 1;
	block.set(
		[0x30, 17 + digest.length, 0x30, 13, 6, 9, 0x60, 0x86, 0x48, 1, 0x65, 3, 4, 2, hashArc(algorithm), 5, 0, 4],
		info,
	);
	block[info + 18] = digest.length;
	block.set(digest, info + DIGEST_INFO_LENGTH);
	return block;
}

/** The last arc of id-sha256, id-sha384 and id-sha512 under 2.16.840.1.101.3.4.2. */
function hashArc(algorithm: SignatureAlgorithm): number {
	if (algorithm.endsWith("256")) return 1;
	return algorithm.endsWith("384") ? 2 : 3;
}
