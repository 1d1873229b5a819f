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

/** The port of `src/tls` on the SDK's big integers, curves and digests. */
export const verifySignature: VerifySignature = (algorithm, key, signed, signature) => {
	try {
		const digest = new Uint8Array(new Digest(digestName(algorithm)).process(signed));
		return key.kind === "rsa"
			? isRsaSignature(algorithm, key, digest, signature)
			: isEcdsaSignature(key, digest, signature);
	} catch {
		// What the SDK cannot compute with is not a signature; there is no other cause, and nothing to be told of it.
		return false;
	}
};

/** RFC 8017 section 8.2.2: the whole block is compared. */
function isRsaSignature(
	algorithm: SignatureAlgorithm,
	{ modulus, exponent }: RsaPublicKey,
	digest: Uint8Array,
	signature: Uint8Array,
): boolean {
	const expected = pkcs1Encoding(algorithm, digest, modulus.length);
	if (expected === undefined) return false;
	const block = new Modular(integer(modulus)).exp(integer(signature), integer(exponent));
	return block === integer(expected);
}

/** FIPS 186-5 section 6.4.2. */
function isEcdsaSignature(key: EcPublicKey, digest: Uint8Array, signature: Uint8Array): boolean {
	const parts = readEcdsaSignature(signature, key.curve);
	if (parts === undefined) return false;
	const curve = new Curve(key.curve === "P-256" ? "secp256r1" : "secp384r1");
	const size = (key.point.length - 1) / 2;
	const [x, y] = [integer(key.point.subarray(1, 1 + size)), integer(key.point.subarray(1 + size))];
	if (!isOnCurve(curve, x, y)) return false;
	const n = new Modular(curve.n);
	const [r, s] = [integer(parts.r), integer(parts.s)];
	// The group's order has as many octets as a coordinate: a longer digest is cut to them.
	const e = integer(digest.subarray(0, size)) % curve.n;
	const w = n.mulinv(s);
	const point = curve.ec.mul2(curve.G, n.mul(e, w), new ECPoint(x, y), n.mul(r, w));
	return !point.isZero() && point.X % curve.n === r;
}

function isOnCurve({ ec }: Curve, x: bigint, y: bigint): boolean {
	if (x >= ec.m || y >= ec.m) return false;
	return (y * y - (x * x * x + ec.a * x + ec.b)) % ec.m === 0n;
}

function digestName(algorithm: SignatureAlgorithm): "SHA256" | "SHA384" | "SHA512" {
	if (algorithm.endsWith("256")) return "SHA256";
	return algorithm.endsWith("384") ? "SHA384" : "SHA512";
}
