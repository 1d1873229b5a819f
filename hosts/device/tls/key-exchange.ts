import {
	type Curve,
	isPlausibleSignature,
	isUncompressed,
	type SignatureAlgorithm,
	type SignatureQuestion,
	type VerifyingKey,
} from "../../../src/tls/index.ts";
import { ALERT } from "./alerts.ts";
import { uint16 } from "./integers.ts";
import { joined } from "./joined.ts";
import { TlsError } from "./tls-error.ts";

/** ECCurveType (RFC 8422 section 5.4). */
const NAMED_CURVE = 3;
/** NamedCurve (RFC 8422 section 5.1.1). */
const SECP256R1 = 23;
const SECP384R1 = 24;
export const CURVES: readonly number[] = [SECP256R1, SECP384R1];
/** Octets of `curve_type`, `namedcurve` and the point's length. */
const POINT_AT = 4;

/** HashAlgorithm and SignatureAlgorithm of RFC 5246 section 7.4.1.4.1 that we take, by `hash << 8 | sig`. */
const ALGORITHMS: Readonly<Record<number, SignatureAlgorithm>> = {
	0x0403: "ecdsa-sha256",
	0x0503: "ecdsa-sha384",
	0x0603: "ecdsa-sha512",
	0x0401: "rsa-sha256",
	0x0501: "rsa-sha384",
	0x0601: "rsa-sha512",
};

/** Our half of the agreement on algorithms, in the form that the SDK writes into the ClientHello. */
export const OFFERED_ALGORITHMS: readonly { readonly hash: number; readonly sig: number }[] = [
	{ hash: 4, sig: 3 },
	{ hash: 5, sig: 3 },
	{ hash: 6, sig: 3 },
	{ hash: 4, sig: 1 },
	{ hash: 5, sig: 1 },
	{ hash: 6, sig: 1 },
];

/** Whether an uncompressed point is on the curve: the port of the host's big integers. */
export type CheckPoint = (point: Uint8Array, curve: Curve) => boolean;

/** The server's part of an ECDHE key exchange. */
export interface ServerEcdhParams {
	readonly namedCurve: number;
	/** Uncompressed, on the curve. */
	readonly point: Uint8Array;
	readonly claim: KeyExchangeClaim;
}

/** To be checked: that the owner of the server's key has signed its part for this handshake. */
export interface KeyExchangeClaim extends Omit<SignatureQuestion, "algorithm"> {
	/** Undefined before TLS 1.2, where it follows from the key. */
	readonly algorithm: SignatureAlgorithm | undefined;
}

/**
 * Reads the body of a ServerKeyExchange (RFC 8422 section 5.4). `randoms` is the client's and the server's, `key` that of
 * the server's certificate; `isNamed`: the algorithm stands before the signature, as since TLS 1.2. Throws TlsError.
 */
export function readServerKeyExchange(
	body: Uint8Array,
	randoms: Uint8Array,
	key: VerifyingKey,
	isNamed: boolean,
	isOnCurve: CheckPoint,
): ServerEcdhParams {
	const namedCurve = uint16(body, 1);
	if (body[0] !== NAMED_CURVE || !CURVES.includes(namedCurve)) {
		throw new TlsError("the server wants a curve for the key exchange that we did not offer", ALERT.handshakeFailure);
	}
	const end = POINT_AT + (body[POINT_AT - 1] ?? 0);
	const lengthAt = isNamed ? end + 2 : end;
	const signature = body.subarray(lengthAt + 2);
	if (body.length < lengthAt + 2 || uint16(body, lengthAt) !== signature.length) {
		throw new TlsError("the server's key exchange is cut off");
	}
	const algorithm = isNamed ? ALGORITHMS[uint16(body, end)] : undefined;
	if (isNamed && algorithm === undefined) {
		throw new TlsError("the server signs its key exchange with what we did not offer", ALERT.handshakeFailure);
	}
	if (algorithm !== undefined && !isPlausibleSignature(algorithm, key, signature)) throw notSigned();
	const point = body.subarray(POINT_AT, end);
	const curve = namedCurve === SECP256R1 ? "P-256" : "P-384";
	// RFC 8422 section 5.11: to be checked by whoever receives it.
	if (!isUncompressed(point, curve) || !isOnCurve(point, curve)) {
		throw new TlsError("the server's part of the key exchange is no point on its curve", ALERT.illegalParameter);
	}
	const claim = { algorithm, key, signed: joined(randoms, body.subarray(0, end)), signature };
	return { namedCurve, point, claim };
}

/** The claim is false. */
export function notSigned(): TlsError {
	return new TlsError("the server does not have the private key of its certificate", ALERT.decryptError);
}
