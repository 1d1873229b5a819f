import type { Seconds } from "../../../src/ports/index.ts";
import {
	DEVICE_PATH_LIMITS,
	type PathResult,
	PathValidation,
	parsePublicKey,
	type VerifySignature,
} from "../../../src/tls/index.ts";
import { ALERT, alertFor } from "./alerts.ts";
import { HandshakeReader } from "./handshake-reader.ts";
import { uint16 } from "./integers.ts";
import {
	type CheckPoint,
	type KeyExchangeClaim,
	notSigned,
	readServerKeyExchange,
	type ServerEcdhParams,
} from "./key-exchange.ts";
import { checkFirstHandshake } from "./server-hello.ts";
import { TlsError } from "./tls-error.ts";
import type { Version } from "./version.ts";

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
	readonly isOnCurve: CheckPoint;
}

/**
 * Decides, for one handshake, whether the server is the one that was asked for: its certificates lead to a bundled one,
 * and it has the private key. The SDK's modules ask it; it throws TlsError for no.
 */
export class ServerAuthentication {
	readonly messages = new HandshakeReader();
	readonly #trust: ServerTrust;
	readonly #version: Version;
	/** While certificates are judged. */
	#validation: PathValidation | undefined;
	/** The server's key, from then until it has been used: the SubjectPublicKeyInfo in DER. */
	#key: Uint8Array | undefined;
	/** The signature of the server's key exchange, until it is checked. */
	#claim: KeyExchangeClaim | undefined;
	#hasProved = false;

	constructor(trust: ServerTrust, version: Version) {
		this.#trust = trust;
		this.#version = version;
	}

	/** All has been seen, in order, and is genuine. */
	get isComplete(): boolean {
		return this.#hasProved && this.messages.isFinished;
	}

	/** The body of the ServerHello: the version that was offered is the only one (RFC 5246 appendix E.1). */
	receiveHello(body: Uint8Array): void {
		const { name, protocolVersion } = this.#version;
		if (uint16(body, 0) !== protocolVersion) {
			throw new TlsError(`the server speaks no TLS ${name}`, ALERT.protocolVersion);
		}
		checkFirstHandshake(body);
	}

	/** The body of the Certificate message. `check` is to follow. */
	receiveCertificates(body: Uint8Array): void {
		const { host, anchors, insecure } = this.#trust;
		const certificates = certificatesIn(body);
		this.#validation = new PathValidation({ certificates, anchors, host, insecure, now: this.#trust.now() });
	}

	/**
	 * The body of the ServerKeyExchange message; `randoms` is the client's and the server's. `check` is to follow, before
	 * what is returned counts.
	 */
	receiveKeyExchange(body: Uint8Array, randoms: Uint8Array): ServerEcdhParams {
		if (!this.#key) throw new TlsError("a key exchange without a certificate", ALERT.unexpectedMessage);
		const key = parsePublicKey(this.#key);
		if (key.kind === "unsupported") throw new TlsError("the server's key is of no known kind");
		const isNamed = this.#version.verify === undefined;
		const params = readServerKeyExchange(body, randoms, key, isNamed, this.#trust.isOnCurve);
		this.#key = undefined;
		this.#claim = params.claim;
		return params;
	}

	/**
	 * Goes on with what was received, by one signature at most: each takes a device's time, and much of its stack. False:
	 * there is nothing to check.
	 */
	check(): boolean {
		const step = this.#validation ? this.#validation.next() : this.#claim;
		if (!step) return false;
		if ("ok" in step) this.judged(step);
		else if (step.algorithm === undefined) this.checked(this.#version.verify?.(step.key, step.signed, step.signature));
		else this.checked(this.#trust.verifySignature(step.algorithm, step.key, step.signed, step.signature));
		return true;
	}

	private judged(result: PathResult): void {
		if (!result.ok) throw new TlsError(result.message, alertFor(result.reason));
		this.#validation = undefined;
		// The certificate lies in a buffer of the handshake's, which is not kept.
		this.#key = result.key.spki.slice();
	}

	private checked(isGenuine = false): void {
		if (this.#validation) {
			if (isGenuine) this.#validation.approve();
			return;
		}
		this.#claim = undefined;
		if (!isGenuine) throw notSigned();
		this.#hasProved = true;
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
