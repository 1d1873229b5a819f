import type { ClientIdentity } from "./client-identity.ts";
import { uint16 } from "./integers.ts";
import { TlsError } from "./tls-error.ts";

/** `hash << 8 | signature` of RFC 5246 section 7.4.1.4.1, with the one hash that the handshake is digested with. */
const ALGORITHM = { ec: 0x0403, rsa: 0x0401 } as const;

/** Answers, for one handshake, a server that asks who the device is (RFC 5246 sections 7.4.4, 7.4.6 and 7.4.8). */
export class ClientAuthentication {
	readonly #identity: ClientIdentity | undefined;
	#hasShown = false;

	constructor(identity: ClientIdentity | undefined) {
		this.#identity = identity;
	}

	/** Whether the server has been shown a certificate. */
	get hasShown(): boolean {
		return this.#hasShown;
	}

	/**
	 * What to show after the CertificateRequest with this body; none is an answer, too. The list of CAs in it is not
	 * looked at: there is one identity, and the server knows best whether it will do. Throws TlsError.
	 */
	certificatesFor(request: Uint8Array): readonly Uint8Array[] {
		const identity = this.#identity;
		if (identity === undefined || !includes(signatureAlgorithms(request), ALGORITHM[identity.keyKind])) return [];
		this.#hasShown = true;
		return identity.certificates;
	}

	/** The body of the CertificateVerify over all messages so far, of which `digest` is the SHA-256. */
	prove(digest: Uint8Array): Uint8Array {
		const identity = this.#identity;
		if (identity === undefined) throw new TlsError("there is no key to sign with");
		const signature = identity.sign(digest);
		const body = new Uint8Array(4 + signature.length);
		new DataView(body.buffer).setUint16(0, ALGORITHM[identity.keyKind]);
		new DataView(body.buffer).setUint16(2, signature.length);
		body.set(signature, 4);
		return body;
	}
}

/** The content of `supported_signature_algorithms`, of a body that holds together to its end. */
function signatureAlgorithms(body: Uint8Array): Uint8Array {
	const algorithmsAt = 1 + (body[0] ?? 0);
	const authoritiesAt = algorithmsAt + 2 + uint16(body, algorithmsAt);
	const end = authoritiesAt + 2 + uint16(body, authoritiesAt);
	if (end !== body.length) throw new TlsError("the server's request for a client certificate is cut off");
	return body.subarray(algorithmsAt + 2, authoritiesAt);
}

function includes(algorithms: Uint8Array, algorithm: number): boolean {
	for (let at = 0; at < algorithms.length; at += 2) if (uint16(algorithms, at) === algorithm) return true;
	return false;
}
