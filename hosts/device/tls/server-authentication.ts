import type { Seconds } from "../../../src/ports/index.ts";
import { DEVICE_PATH_LIMITS, type VerifyingKey, type VerifySignature, validatePath } from "../../../src/tls/index.ts";
import { ALERT, alertFor } from "./alerts.ts";
import { HandshakeReader } from "./handshake-reader.ts";
import { uint16 } from "./integers.ts";
import { readServerKeyExchange, type ServerEcdhParams } from "./key-exchange.ts";
import { TlsError } from "./tls-error.ts";

/** Octets of a length. */
const LENGTH = 3;

/** Whom to believe, and about what. */
export interface ServerTrust {
	/** The broker's name or address, as the application asked for it. */
	readonly host: string;
	/** Bundled certificates, in DER. */
	readonly anchors: readonly Uint8Array[];
	/** Drops the host name check, and nothing else. */
	readonly insecure: boolean;
	/** The time for certificates, since 1970. */
	now(): Seconds;
	readonly verifySignature: VerifySignature;
}

/**
 * Decides, for one handshake, whether the server is the one that was asked for: its certificates lead to a bundled one,
 * and it has the private key. The SDK's modules ask it; it throws TlsError for no.
 */
export class ServerAuthentication {
	readonly messages = new HandshakeReader();
	readonly #trust: ServerTrust;
	#certificates: readonly Uint8Array[] | undefined;
	#key: VerifyingKey | undefined;
	#hasKeyExchange = false;

	constructor(trust: ServerTrust) {
		this.#trust = trust;
	}

	/** All has been seen, in order, and is genuine. */
	get isComplete(): boolean {
		return this.#hasKeyExchange && this.messages.isFinished;
	}

	/** The body of the Certificate message. `checkCertificates` is to follow. */
	receiveCertificates(body: Uint8Array): void {
		this.#certificates = certificatesIn(body);
	}

	/** False: there is nothing to check. */
	checkCertificates(): boolean {
		const certificates = this.#certificates;
		if (!certificates) return false;
		this.#certificates = undefined;
		const { host, anchors, insecure, verifySignature } = this.#trust;
		const result = validatePath({ certificates, anchors, host, insecure, verifySignature, now: this.#trust.now() });
		if (!result.ok) throw new TlsError(result.message, alertFor(result.reason));
		const key = result.path[0]?.publicKey;
		if (key === undefined || key.kind === "unsupported") throw new TlsError("the server's key is of no known kind");
		// The certificate lies in a buffer of the handshake's, which is not kept.
		this.#key = copyOf(key);
		return true;
	}

	/** The body of the ServerKeyExchange message; `randoms` is the client's and the server's. */
	checkKeyExchange(body: Uint8Array, randoms: Uint8Array): ServerEcdhParams {
		if (!this.#key) throw new TlsError("a key exchange without a certificate", ALERT.unexpectedMessage);
		const params = readServerKeyExchange(body, randoms, this.#key, this.#trust.verifySignature);
		this.#hasKeyExchange = true;
		return params;
	}
}

/**
 * In DER, the server's own first (RFC 5246 section 7.4.2). Views, and one more than are ever taken at most: a message of
 * empty certificates alone would otherwise take many times its size.
 */
function certificatesIn(body: Uint8Array): Uint8Array[] {
	const certificates: Uint8Array[] = [];
	let at = LENGTH;
	while (at < body.length && certificates.length <= DEVICE_PATH_LIMITS.maxCertificates) {
		const start = at + LENGTH;
		at = start + uint24(body, at);
		certificates.push(body.subarray(start, at));
	}
	const isWhole = at <= body.length && uint24(body, 0) === body.length - LENGTH;
	if (!isWhole) throw new TlsError("the list of the server's certificates does not hold together");
	return certificates;
}

function uint24(bytes: Uint8Array, at: number): number {
	return ((bytes[at] ?? 0) << 16) | uint16(bytes, at + 1);
}

function copyOf(key: VerifyingKey): VerifyingKey {
	const spki = key.spki.slice();
	return key.kind === "rsa"
		? { ...key, spki, modulus: key.modulus.slice(), exponent: key.exponent.slice() }
		: { ...key, spki, point: key.point.slice() };
}
