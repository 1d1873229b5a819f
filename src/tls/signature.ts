import { isBelow } from "./bytes.ts";
import { DerError, readSequence, TAG } from "./der.ts";
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
		const sequence = readSequence(signature);
		const r = sequence.unsigned();
		const s = sequence.unsigned();
		sequence.finish();
		return isScalar(r, curve) && isScalar(s, curve) ? { r, s } : undefined;
	} catch (error) {
		if (error instanceof DerError) return undefined;
		throw error;
	}
}

/** Writes an ECDSA-Sig-Value. `r` and `s` are magnitudes; zeros before them are left out. */
export function encodeEcdsaSignature({ r, s }: EcdsaSignature): Uint8Array {
	const content = integerElement(r).concat(integerElement(s));
	// Two numbers of 48 octets and less: a length of one octet.
	return Uint8Array.from([TAG.sequence, content.length].concat(content));
}

function integerElement(magnitude: Uint8Array): number[] {
	const octets = Array.from(magnitude.subarray(magnitude.findIndex((octet) => octet !== 0)));
	// The highest bit is the sign.
	if ((octets[0] ?? 0) >= 0x80) octets.unshift(0);
	return [TAG.integer, octets.length].concat(octets);
}

/** Whether a magnitude is in [1, n-1]. */
function isScalar(magnitude: Uint8Array, curve: Curve): boolean {
	return magnitude.length > 0 && isBelowDigits(magnitude, curve === "P-256" ? P256_ORDER : P384_ORDER);
}

/** As `isBelow`, of a number in hexadecimal digits, two to an octet. */
function isBelowDigits(magnitude: Uint8Array, digits: string): boolean {
	if (2 * magnitude.length !== digits.length) return 2 * magnitude.length < digits.length;
	for (let index = 0; index < magnitude.length; index++) {
		const difference = (magnitude[index] ?? 0) - Number.parseInt(digits.slice(2 * index, 2 * index + 2), 16);
		if (difference !== 0) return difference < 0;
	}
	return false;
}

/** The orders n of the curves' groups (SP 800-186 sections 3.2.1.3 and 3.2.1.4): text takes the least flash. */
const P256_ORDER = "ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551";
const P384_ORDER = "ffffffffffffffffffffffffffffffffffffffffffffffffc7634d81f4372ddf581a0db248b0a77aecec196accc52973";
