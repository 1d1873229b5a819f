import { Digest } from "crypt";
import HMAC from "hmac";

const TLS_1_1 = 0x302;

/**
 * The manifest of `legacy` puts this in the place of the SDK's module `ssl/prf`: `length` octets out of a secret, for what
 * `label` and `seed` say (RFC 4346 section 5). One half of the secret goes into MD5 and the other into SHA-1.
 */
export default function legacyPrf(
	session: { readonly protocolVersion: number },
	secret: ArrayBuffer,
	label: string,
	seed: ArrayBuffer,
	length: number,
): Uint8Array {
	if (session.protocolVersion > TLS_1_1) throw new Error("keys of a version that this build does not speak");
	const key = new Uint8Array(secret);
	const half = Math.ceil(key.length / 2);
	const labelled = new Uint8Array(ArrayBuffer.fromString(label).concat(seed));
	const md5 = expanded(new HMAC(new Digest("MD5"), key.slice(0, half)), labelled, length);
	const sha1 = expanded(new HMAC(new Digest("SHA1"), key.slice(-half)), labelled, length);
	return md5.map((octet, at) => octet ^ (sha1[at] ?? 0));
}

/** P_hash: A(1) is the HMAC of the seed, A(n + 1) that of A(n); out come the HMACs of each with the seed behind it. */
function expanded(hmac: HMAC, seed: Uint8Array, length: number): Uint8Array {
	const octets = new Uint8Array(length);
	let at = 0;
	for (let chain = hmac.process(seed); at < length; chain = hmac.process(chain)) {
		const part = new Uint8Array(hmac.process(chain, seed));
		octets.set(part.subarray(0, length - at), at);
		at += part.length;
	}
	return octets;
}
