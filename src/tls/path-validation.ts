import type { Seconds } from "../ports/index.ts";
import { bytesEqual } from "./bytes.ts";
import { parseCertificate, readIssuer, readSubject } from "./certificate.ts";
import { checkNameConstraints } from "./constraint-check.ts";
import { DerError } from "./der.ts";
import { checkHost } from "./host-check.ts";
import { DEVICE_PATH_LIMITS, type PathLimits } from "./limits.ts";
import { type CertificationPath, checkPath, isSelfIssued } from "./path-check.ts";
import { PathSearch } from "./path-search.ts";
import type { PublicKey } from "./public-key.ts";
import { type Refusal, refuse, refuseCertificate } from "./refusal.ts";
import { SignatureChecker, type SignatureQuestion } from "./signature-check.ts";

/** A question: may this server be talked to? */
export interface PathQuestion {
	/** What the server sent, each in DER: its own certificate first (RFC 8446 section 4.4.2), others in any order. */
	readonly certificates: readonly Uint8Array[];
	/**
	 * Bundled certificates, each in DER. A CA certificate, self-signed or not, anchors what it issued. Any certificate
	 * that the server sends as its own, octet for octet, is trusted as it stands.
	 */
	readonly anchors: readonly Uint8Array[];
	/** The host that the application asked for: a DNS name or an IP address. */
	readonly host: string;
	/** The time, in seconds since 1970-01-01T00:00:00Z. */
	readonly now: Seconds;
	/** Drops the host name check, and nothing else. Default false. */
	readonly insecure?: boolean;
	/** Default `DEVICE_PATH_LIMITS`. */
	readonly limits?: PathLimits;
}

/**
 * The answer yes, with the path from the server's certificate (first) to the bundled one (last; the same if pinned).
 */
export interface Acceptance {
	readonly ok: true;
	readonly path: CertificationPath;
	/** The server's. */
	readonly key: PublicKey;
}

export type PathResult = Acceptance | Refusal;

/**
 * Path validation in steps, which leaves the checks of signatures to its owner: they take a device's time and stack.
 * Between the steps it holds certificates as bytes alone.
 */
export class PathValidation {
	readonly #question: PathQuestion;
	readonly #limits: PathLimits;
	readonly #signatures: SignatureChecker;
	/** Undefined at first. The answer, where it takes no search. */
	#search: PathSearch | PathResult | undefined;
	/** The path whose signatures are being checked. */
	#path: CertificationPath | undefined;
	/** Why the first path that reached an anchor was refused: issuers are tried best first, so it is the one meant. */
	#refusal: Refusal | undefined;
	/** Of the first certificate that the server sent and that cannot be read. */
	#malformed: Refusal | undefined;

	constructor(question: PathQuestion) {
		this.#question = question;
		this.#limits = question.limits ?? DEVICE_PATH_LIMITS;
		this.#signatures = new SignatureChecker(this.#limits.maxSignatureChecks);
	}

	/**
	 * The answer, or a signature that has to be checked before there is one: say `approve` if it is genuine, and ask again.
	 * Never throws.
	 */
	next(): PathResult | SignatureQuestion {
		const leaf = this.#question.certificates[0];
		if (leaf === undefined) return refuse("no-certificate", "The server sent no certificate", "give it one");
		this.#search ??= this.begin(leaf);
		if ("ok" in this.#search) return this.#search;
		for (let path = this.#path ?? this.findPath(this.#search); path !== undefined; path = this.findPath(this.#search)) {
			const outcome = this.#signatures.check(path) ?? checkNameConstraints(path, this.#limits);
			if (outcome === undefined) return this.accept(leaf, path);
			if (!("ok" in outcome)) return outcome;
			this.#refusal ??= outcome;
		}
		return this.failure(leaf, this.#search);
	}

	/** Says that the signature asked about last is genuine. */
	approve(): void {
		this.#signatures.approve();
	}

	private begin(leaf: Uint8Array): PathSearch | PathResult {
		const { certificates, anchors, now } = this.#question;
		const refusal =
			checkSizes(certificates, this.#limits) ?? unreadable(leaf, "malformed", "The certificate of the server");
		if (refusal !== undefined) return refusal;
		if (anchors.some((anchor) => bytesEqual(leaf, anchor))) {
			return checkPath([leaf], now, this.#limits) ?? this.accept(leaf, [leaf]);
		}
		const intermediates: Uint8Array[] = [];
		let index = 1;
		for (let der = certificates[1]; der !== undefined; der = certificates[++index]) {
			// What is not needed may be broken; what is needed will be missed.
			const fault = unreadable(der, "malformed", `Certificate ${index + 1} of those that the server sent`);
			if (fault === undefined) intermediates.push(der);
			this.#malformed ??= fault;
		}
		const issuers = issuersAmong(anchors, [leaf].concat(intermediates));
		return "ok" in issuers ? issuers : new PathSearch(leaf, { intermediates, anchors: issuers }, this.#limits);
	}

	/** Goes on to the next path on which all is in order, as far as can be told without its signatures. */
	private findPath(search: PathSearch): CertificationPath | undefined {
		let refusal: Refusal | undefined;
		do {
			this.#path = search.next();
			refusal = this.#path && checkPath(this.#path, this.#question.now, this.#limits);
			this.#refusal ??= refusal;
		} while (refusal !== undefined);
		return this.#path;
	}

	private accept(leaf: Uint8Array, path: CertificationPath): PathResult {
		const { host, insecure } = this.#question;
		const certificate = parseCertificate(leaf);
		const refusal = insecure ? undefined : checkHost(certificate, host);
		return refusal ?? { ok: true, path, key: certificate.publicKey };
	}

	/** Why no path stands. */
	private failure(leaf: Uint8Array, search: PathSearch): Refusal {
		const certificate = parseCertificate(leaf);
		if (isSelfIssued(certificate)) {
			const remedy = "bundle it, or have it issued by a CA that is bundled";
			return refuseCertificate("self-signed", certificate, "is signed by itself and is not bundled", remedy);
		}
		const refusal = this.#refusal ?? search.failure(certificate);
		return refusal.reason === "unknown-ca" ? (this.#malformed ?? refusal) : refusal;
	}
}

function checkSizes(certificates: readonly Uint8Array[], limits: PathLimits): Refusal | undefined {
	const { maxCertificates, maxCertificateBytes } = limits;
	if (certificates.length > maxCertificates) {
		const fault = `The server sent ${certificates.length} certificates, more than ${maxCertificates}`;
		return refuse("over-limit", fault, "have it send its own chain and nothing else");
	}
	if (certificates.every((der) => der.length <= maxCertificateBytes)) return undefined;
	const fault = `The server sent a certificate of more than ${maxCertificateBytes} bytes`;
	return refuse("over-limit", fault, "have it issued for fewer names");
}

/** Those of the bundled certificates that issued any of those received, going by names: the rest need not be read. */
function issuersAmong(anchors: readonly Uint8Array[], received: readonly Uint8Array[]): Uint8Array[] | Refusal {
	const issuers = anchors.filter((anchor) => mayHaveIssued(anchor, received));
	for (const anchor of issuers) {
		const refusal = unreadable(anchor, "bad-anchor", `Bundled certificate ${anchors.indexOf(anchor) + 1}`);
		if (refusal !== undefined) return refusal;
	}
	return issuers;
}

/** True as well of what cannot even be read so far. */
function mayHaveIssued(anchor: Uint8Array, received: readonly Uint8Array[]): boolean {
	try {
		const subject = readSubject(anchor);
		return received.some((der) => bytesEqual(readIssuer(der), subject));
	} catch (error) {
		if (error instanceof DerError) return true;
		throw error;
	}
}

/** The refusal of what is not a well-formed certificate. */
function unreadable(der: Uint8Array, reason: "malformed" | "bad-anchor", what: string): Refusal | undefined {
	try {
		parseCertificate(der);
		return undefined;
	} catch (error) {
		if (error instanceof DerError) return refuse(reason, `${what} is malformed, ${error.message}`, "replace it");
		throw error;
	}
}
