import { Digest } from "crypt";
import Curve from "curve";
import ECPoint from "ecp";
import Modular from "modular";
import {
	type EcPublicKey,
	pkcs1Encoding,
	type RsaPublicKey,
	readEcdsaSignature,
	type SignatureAlgorithm,
	type VerifySignature,
} from "../../../src/tls/index.ts";
import { integer } from "./integers.ts";
import type { CheckPoint } from "./key-exchange.ts";

/** The port of `src/tls` on the SDK's big integers, curves and digests. */
export const verifySignature: VerifySignature = (algorithm, key, signed, signature) => {
	try {
		return key.kind === "rsa"
			? isRsaSignature(algorithm, key, digestOf(algorithm, signed), signature)
			: isEcdsaSignature(key, digestOf(algorithm, signed), signature);
	} catch {
		// What the SDK cannot compute with is not a signature; there is no other cause, and nothing to be told of it.
		return false;
	}
};

function isRsaSignature(
	algorithm: SignatureAlgorithm,
	key: RsaPublicKey,
	digest: Uint8Array,
	signature: Uint8Array,
): boolean {
	const block = rsaBlock(key, signature);
	// Made now, for what has been computed took most of the RAM.
	const expected = pkcs1Encoding(algorithm, digest, key.modulus.length);
	return expected !== undefined && block === integer(expected);
}

/** What the signature was made of (RFC 8017 section 8.2.2), to be compared as a whole. */
export function rsaBlock({ modulus, exponent }: RsaPublicKey, signature: Uint8Array): bigint {
	return new Modular(integer(modulus)).exp(integer(signature), integer(exponent));
}

/** Whether an uncompressed point is on the curve (SEC 1 section 3.2.2.1). */
export const isOnCurve: CheckPoint = (point, curve) => pointOf(point, curveOf(curve)) !== undefined;

/** FIPS 186-5 section 6.4.2. */
export function isEcdsaSignature(key: EcPublicKey, digest: Uint8Array, signature: Uint8Array): boolean {
	const parts = readEcdsaSignature(signature, key.curve);
	if (parts === undefined) return false;
	// The group's order has as many octets as a coordinate: a longer digest is cut to them.
	const hash = integer(digest.subarray(0, key.point.length >> 1));
	return satisfies(key, hash, integer(parts.r), integer(parts.s));
}

/** On numbers alone: what they were read from need not lie in RAM while they are computed with, which takes most of it. */
function satisfies(key: EcPublicKey, hash: bigint, r: bigint, s: bigint): boolean {
	const curve = curveOf(key.curve);
	const point = pointOf(key.point, curve);
	if (point === undefined) return false;
	const n = new Modular(curve.n);
	const w = n.mulinv(s);
	const sum = curve.ec.mul2(curve.G, n.mul(hash % curve.n, w), point, n.mul(r, w));
	return !sum.isZero() && sum.X % curve.n === r;
}

function curveOf(name: EcPublicKey["curve"]): Curve {
	return new Curve(name === "P-256" ? "secp256r1" : "secp384r1");
}

/** Undefined: it is not on the curve. */
function pointOf(point: Uint8Array, { ec }: Curve): ECPoint | undefined {
	const size = point.length >> 1;
	const x = integer(point.subarray(1, 1 + size));
	const y = integer(point.subarray(1 + size));
	if (x >= ec.m || y >= ec.m) return undefined;
	return (y * y - (x * x * x + ec.a * x + ec.b)) % ec.m === 0n ? new ECPoint(x, y) : undefined;
}

function digestOf(algorithm: SignatureAlgorithm, signed: Uint8Array): Uint8Array {
	return new Uint8Array(new Digest(digestName(algorithm)).process(signed));
}

function digestName(algorithm: SignatureAlgorithm): "SHA256" | "SHA384" | "SHA512" {
	if (algorithm.endsWith("256")) return "SHA256";
	return algorithm.endsWith("384") ? "SHA384" : "SHA512";
}
