import { contextTag, type DerReader, readSequence, TAG } from "./der.ts";
import { readOid } from "./oid.ts";
import { type Curve, coordinateLength, curveNamed } from "./public-key.ts";

/** An RSA key with the parts for the Chinese remainder theorem (RFC 8017 section 3.2). Magnitudes without leading zeros. */
export interface RsaPrivateKey {
	readonly kind: "rsa";
	readonly modulus: Uint8Array;
	readonly publicExponent: Uint8Array;
	readonly prime1: Uint8Array;
	readonly prime2: Uint8Array;
	readonly exponent1: Uint8Array;
	readonly exponent2: Uint8Array;
	readonly coefficient: Uint8Array;
}

export interface EcPrivateKey {
	readonly kind: "ec";
	readonly curve: Curve;
	/** Most significant octet first. */
	readonly scalar: Uint8Array;
}

export type PrivateKey = RsaPrivateKey | EcPrivateKey;

/**
 * Reads a private key in PKCS #8 (RFC 5958), not encrypted. What it hands out are views on `der`. Throws `DerError`,
 * also for keys of other kinds; its text holds nothing of the key.
 */
export function parsePrivateKey(der: Uint8Array): PrivateKey {
	const sequence = readSequence(der);
	sequence.unsigned(); // The version: it tells whether attributes and the public key follow.
	const algorithm = sequence.enter(TAG.sequence);
	const key = sequence.take(TAG.octetString);
	switch (readOid(algorithm)) {
		case "1.2.840.113549.1.1.1":
			return readRsaKey(readSequence(key));
		case "1.2.840.10045.2.1":
			return readEcKey(readSequence(key), curveNamed(readOid(algorithm)));
		default:
			throw algorithm.error("a private key that is neither RSA nor on a named curve");
	}
}

/** RSAPrivateKey (RFC 8017 appendix A.1.2) with two primes. */
function readRsaKey(sequence: DerReader): RsaPrivateKey {
	if (sequence.unsigned().length !== 0) throw sequence.error("an RSA key of more than two primes");
	const modulus = sequence.unsigned();
	const publicExponent = sequence.unsigned();
	sequence.unsigned(); // The private exponent: the primes' exponents do the same in a quarter of the time.
	const prime1 = sequence.unsigned();
	const prime2 = sequence.unsigned();
	const exponent1 = sequence.unsigned();
	const exponent2 = sequence.unsigned();
	const coefficient = sequence.unsigned();
	sequence.finish();
	return { kind: "rsa", modulus, publicExponent, prime1, prime2, exponent1, exponent2, coefficient };
}

/** ECPrivateKey (RFC 5915). */
function readEcKey(sequence: DerReader, curve: Curve | undefined): EcPrivateKey {
	if (curve === undefined) throw sequence.error("a private key on a curve that is neither P-256 nor P-384");
	sequence.unsigned();
	const scalar = sequence.take(TAG.octetString);
	// RFC 5915 section 3: as long as the group's order. Signing draws its random numbers as long as that.
	if (scalar.length !== coordinateLength(curve)) throw sequence.error(`a private key on ${curve} of another length`);
	sequence.skip(contextTag(0, "constructed"));
	sequence.skip(contextTag(1, "constructed"));
	sequence.finish();
	return { kind: "ec", curve, scalar };
}
