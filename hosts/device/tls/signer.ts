import Curve from "curve";
import Modular from "modular";
import RNG from "rng";
import {
	type EcPrivateKey,
	encodeEcdsaSignature,
	type PrivateKey,
	pkcs1Encoding,
	type RsaPrivateKey,
} from "../../../src/tls/index.ts";
import { integer, modulo } from "./integers.ts";
import { lengthened } from "./scalar.ts";

/** Octets of a random number beyond the group's order: what is left of it modulo the order leans nowhere (FIPS 186-5 A.3.1). */
const EXTRA_OCTETS = 8;

/** Signs a SHA-256 digest: ECDSA-Sig-Value in DER, or RSASSA-PKCS1-v1_5. Takes a device a good part of a second. */
export function signDigest(key: PrivateKey, digest: Uint8Array): Uint8Array {
	return key.kind === "ec" ? signEcdsa(key, digest) : signRsa(key, digest);
}

/** FIPS 186-5 section 6.4.1. */
function signEcdsa({ curve: name, scalar }: EcPrivateKey, digest: Uint8Array): Uint8Array {
	const curve = new Curve(name === "P-256" ? "secp256r1" : "secp384r1");
	const n = new Modular(curve.n);
	const d = integer(scalar);
	const e = integer(digest) % curve.n;
	for (;;) {
		const k = randomBelow(curve.n, scalar.length);
		const r = curve.ec.mul(curve.G, lengthened(k, curve.n, 8 * scalar.length)).X % curve.n;
		const s = n.mul(n.mulinv(k), (e + d * r) % curve.n);
		if (r !== 0n && s !== 0n) return encodeEcdsaSignature({ r: octets(r, 0), s: octets(s, 0) });
	}
}

/** From 1 to `order` - 1. */
function randomBelow(order: bigint, length: number): bigint {
	return 1n + (BigInt.fromArrayBuffer(RNG.get(length + EXTRA_OCTETS)) % (order - 1n));
}

/** RFC 8017 section 8.2.1, with the Chinese remainder theorem. */
function signRsa(key: RsaPrivateKey, digest: Uint8Array): Uint8Array {
	const { length } = key.modulus;
	const block = pkcs1Encoding("rsa-sha256", digest, length);
	if (block === undefined) throw new RangeError(`an RSA key of ${length} octets`);
	const message = integer(block);
	const p = integer(key.prime1);
	const q = integer(key.prime2);
	const m1 = new Modular(p).exp(message % p, integer(key.exponent1));
	const m2 = new Modular(q).exp(message % q, integer(key.exponent2));
	const signature = m2 + q * modulo((m1 - m2) * integer(key.coefficient), p);
	// One wrong result of the two would give the key away.
	const check = new Modular(integer(key.modulus)).exp(signature, integer(key.publicExponent));
	if (check !== message) throw new Error("the RSA signature came out wrong");
	return octets(signature, length);
}

function octets(value: bigint, length: number): Uint8Array {
	return new Uint8Array(ArrayBuffer.fromBigInt(value, length));
}
