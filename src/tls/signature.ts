import { isBelow } from "./bytes.ts";
import { DerError, DerReader, TAG } from "./der.ts";
import type { Curve, VerifyingKey } from "./public-key.ts";
import type { SignatureAlgorithm } from "./signature-algorithm.ts";

/**
 * The port of the host's cryptography: whether `signature` over `signed` was made by the owner of `key`. Never throws;
 * what it cannot decide is false. It is only called with an algorithm that fits the key, and with a signature that has
 * passed `isPlausibleSignature`. What is left to it:
 * - RSA: the recovered block must equal `pkcs1Encoding` octet by octet; taking it apart and looking at pieces is not
 * enough.
 * - ECDSA: a digest longer than the group order is cut to the order's length, from the left (FIPS 186-5 section 6.4.2).
 */
export type VerifySignature = (
	algorithm: SignatureAlgorithm,
	key: VerifyingKey,
	signed: Uint8Array,
	signature: Uint8Array,
) => boolean;

/** An ECDSA signature: magnitudes, most significant octet first, without leading zeros. */
export interface EcdsaSignature {
	readonly r: Uint8Array;
	readonly s: Uint8Array;
}

/** Whether the algorithm signs with keys of this kind, and the signature is in the range that its scheme prescribes. */
export function isPlausibleSignature(algorithm: SignatureAlgorithm, key: VerifyingKey, signature: Uint8Array): boolean {
	if (key.kind === "ec") return algorithm.startsWith("ecdsa") && readEcdsaSignature(signature, key.curve) !== undefined;
	// RFC 8017 sections 8.2.2 step 1 and 5.2.2 step 1.
	return algorithm.startsWith("rsa") && signature.length === key.modulus.length && isBelow(signature, key.modulus);
}

/** Reads an ECDSA-Sig-Value (RFC 3279 section 2.2.3); undefined unless it is DER and r and s are in [1, n-1]. */
export function readEcdsaSignature(signature: Uint8Array, curve: Curve): EcdsaSignature | undefined {
	try {
		const outer = new DerReader(signature);
		const sequence = outer.enter(TAG.sequence);
		outer.finish();
		const [r, s] = [sequence.unsigned(), sequence.unsigned()];
		sequence.finish();
		return isScalar(r, curve) && isScalar(s, curve) ? { r, s } : undefined;
	} catch (error) {
		if (error instanceof DerError) return undefined;
		throw error;
	}
}

/** Writes an ECDSA-Sig-Value. `r` and `s` are magnitudes; zeros before them are left out. */
export function encodeEcdsaSignature({ r, s }: EcdsaSignature): Uint8Array {
	const content = [...integerElement(r), ...integerElement(s)];
	// Two numbers of 48 octets and less: a length of one octet.
	return Uint8Array.of(TAG.sequence, content.length, ...content);
}

function integerElement(magnitude: Uint8Array): number[] {
	const first = magnitude.findIndex((octet) => octet !== 0);
	const octets = [...magnitude.subarray(first)];
	// The highest bit is the sign.
	if ((octets[0] ?? 0) >= 0x80) octets.unshift(0);
	return [TAG.integer, octets.length, ...octets];
}

function isScalar(value: Uint8Array, curve: Curve): boolean {
	return value.length > 0 && isBelow(value, curve === "P-256" ? P256_ORDER : P384_ORDER);
}

/** The orders n of the curves' groups (SP 800-186 sections 3.2.1.3 and 3.2.1.4). */
const P256_ORDER = Uint8Array.of(
	...[0xff, 0xff, 0xff, 0xff, 0x00, 0x00, 0x00, 0x00, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff],
	...[0xbc, 0xe6, 0xfa, 0xad, 0xa7, 0x17, 0x9e, 0x84, 0xf3, 0xb9, 0xca, 0xc2, 0xfc, 0x63, 0x25, 0x51],
);
const P384_ORDER = Uint8Array.of(
	...[0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff],
	...[0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xc7, 0x63, 0x4d, 0x81, 0xf4, 0x37, 0x2d, 0xdf],
	...[0x58, 0x1a, 0x0d, 0xb2, 0x48, 0xb0, 0xa7, 0x7a, 0xec, 0xec, 0x19, 0x6a, 0xcc, 0xc5, 0x29, 0x73],
);
