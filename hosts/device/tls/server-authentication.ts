import type { Seconds } from "../../../src/ports/index.ts";
import { type VerifyingKey, type VerifySignature, validatePath } from "../../../src/tls/index.ts";
import { ALERT, alertFor } from "./alerts.ts";
import { HandshakeReader } from "./handshake-reader.ts";
import { readServerKeyExchange, type ServerEcdhParams } from "./key-exchange.ts";
import { TlsError } from "./tls-error.ts";

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

	/** The Certificate message's content, the server's own certificate first. `checkCertificates` is to follow. */
	receiveCertificates(certificates: readonly Uint8Array[]): void {
		this.#certificates = certificates;
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

function copyOf(key: VerifyingKey): VerifyingKey {
	const spki = key.spki.slice();
	return key.kind === "rsa"
		? { ...key, spki, modulus: key.modulus.slice(), exponent: key.exponent.slice() }
		: { ...key, spki, point: key.point.slice() };
}
