import { DerReader, readSequence, TAG } from "./der.ts";
import { readOid } from "./oid.ts";

/** An RSA key (RFC 8017). Magnitudes have their most significant octet first and no leading zeros. */
export interface RsaPublicKey {
	readonly kind: "rsa";
	/** The whole SubjectPublicKeyInfo, in DER. */
	readonly spki: Uint8Array;
	readonly modulus: Uint8Array;
	readonly exponent: Uint8Array;
}

/** A point on a named curve (RFC 5480), uncompressed: 04, then x and y of equal length. */
export interface EcPublicKey {
	readonly kind: "ec";
	/** The whole SubjectPublicKeyInfo, in DER. */
	readonly spki: Uint8Array;
	readonly curve: Curve;
	readonly point: Uint8Array;
}

/** A key of a kind that cannot be used here. Certificates that carry one still parse: they may not be on the path. */
export interface UnsupportedPublicKey {
	readonly kind: "unsupported";
	/** The whole SubjectPublicKeyInfo, in DER. */
	readonly spki: Uint8Array;
	/** What it is, for a person. */
	readonly what: string;
}

/** A key that signatures can be checked with. */
export type VerifyingKey = RsaPublicKey | EcPublicKey;
export type PublicKey = VerifyingKey | UnsupportedPublicKey;
export type Curve = "P-256" | "P-384";

/** Reads the octets of one SubjectPublicKeyInfo; see `readPublicKey`. */
export function parsePublicKey(spki: Uint8Array): PublicKey {
	const reader = new DerReader(spki);
	const key = readPublicKey(reader);
	reader.finish();
	return key;
}

/** Reads a SubjectPublicKeyInfo (RFC 5280 section 4.1.2.7, algorithms by RFC 3279 and RFC 5480). */
export function readPublicKey(reader: DerReader): PublicKey {
	const spki = reader.element(TAG.sequence);
	const sequence = new DerReader(spki).enter(TAG.sequence);
	const algorithm = sequence.enter(TAG.sequence);
	const oid = readOid(algorithm);
	const key = sequence.octetsOfBits();
	sequence.finish();
	switch (oid) {
		case "1.2.840.113549.1.1.1":
			return readRsaKey(spki, algorithm, key);
		case "1.2.840.10045.2.1":
			return readEcKey(spki, algorithm, key);
		default:
			return { kind: "unsupported", spki, what: `algorithm ${oid}` };
	}
}

function readRsaKey(spki: Uint8Array, parameters: DerReader, key: Uint8Array): RsaPublicKey {
	parameters.enter(TAG.null).finish();
	parameters.finish();
	const sequence = readSequence(key);
	const modulus = sequence.unsigned();
	const exponent = sequence.unsigned();
	sequence.finish();
	return { kind: "rsa", spki, modulus, exponent };
}

/** Only named curves: parameters written out would let a certificate bring a curve of its own. */
function readEcKey(spki: Uint8Array, parameters: DerReader, point: Uint8Array): PublicKey {
	if (parameters.tag !== TAG.oid) return { kind: "unsupported", spki, what: "an elliptic curve without a name" };
	const oid = readOid(parameters);
	parameters.finish();
	const curve = curveNamed(oid);
	if (curve === undefined) return { kind: "unsupported", spki, what: `elliptic curve ${oid}` };
	if (!isUncompressed(point, curve)) return { kind: "unsupported", spki, what: "a compressed point" };
	return { kind: "ec", spki, curve, point };
}

/** Whether octets have the form of an uncompressed point (RFC 5480 section 2.2): 04, then both coordinates. */
export function isUncompressed(point: Uint8Array, curve: Curve): boolean {
	return point[0] === 4 && point.length === 1 + 2 * coordinateLength(curve);
}

/** The curve of a parameters' OBJECT IDENTIFIER (RFC 5480 section 2.1.1.1). */
export function curveNamed(oid: string): Curve | undefined {
	if (oid === "1.2.840.10045.3.1.7") return "P-256";
	return oid === "1.3.132.0.34" ? "P-384" : undefined;
}

/** Octets of a coordinate, and of the group's order as well. */
export function coordinateLength(curve: Curve): number {
	return curve === "P-256" ? 32 : 48;
}

/** Fewest bits of an RSA modulus: NIST SP 800-131A, and what public CAs have issued since 2014. */
const MIN_RSA_BITS = 2_048;

/**
 * Why signatures by an RSA key are not to be trusted or not to be paid for, or undefined. `maxBits` bounds the work.
 */
export function rsaKeyFault(key: RsaPublicKey, maxBits: number): string | undefined {
	const bits = bitLength(key.modulus);
	if (bits < MIN_RSA_BITS) return `RSA of ${bits} bits, less than ${MIN_RSA_BITS}`;
	if (bits > maxBits) return `RSA of ${bits} bits, more than ${maxBits}`;
	// FIPS 186-5 section 5.4(e) asks for an odd exponent above 2^16; five octets and more cost time and serve nobody.
	const oddModulus = ((key.modulus.at(-1) ?? 0) & 1) === 1;
	const oddExponent = ((key.exponent.at(-1) ?? 0) & 1) === 1;
	const fitExponent = key.exponent.length === 3 || key.exponent.length === 4;
	return oddModulus && oddExponent && fitExponent ? undefined : "RSA with an unfit modulus or exponent";
}

function bitLength(magnitude: Uint8Array): number {
	const first = magnitude[0];
	return first === undefined ? 0 : 8 * (magnitude.length - 1) + 32 - Math.clz32(first);
}
