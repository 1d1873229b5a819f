import type { Seconds } from "../ports/index.ts";
import { bytesEqual } from "./bytes.ts";
import type { Certificate } from "./certificate.ts";
import { checkNameConstraints } from "./constraint-check.ts";
import { describeName, isEmptyName } from "./distinguished-name.ts";
import type { PathLimits } from "./limits.ts";
import { type CertificationPath, checkPath, isSelfIssued } from "./path-check.ts";
import { type Refusal, refuseCertificate } from "./refusal.ts";
import type { SignatureChecker } from "./signature-check.ts";

/** What a path may be made of, above the server's certificate. */
export interface PathMaterial {
	/** Other certificates that the server sent. Nothing in them is trusted. */
	readonly intermediates: readonly Certificate[];
	/** Bundled certificates. */
	readonly anchors: readonly Certificate[];
}

/**
 * Looks for a path from the server's certificate to an anchor, depth first. A path is put together by names alone and
 * judged once it has reached an anchor, so what leads nowhere costs no signature check. The first path that stands is
 * taken.
 */
export class PathSearch {
	readonly #material: PathMaterial;
	readonly #signatures: SignatureChecker;
	readonly #now: Seconds;
	readonly #limits: PathLimits;
	#steps = 0;
	#cutShort = false;
	/** Why the first path that reached an anchor was refused: issuers are tried best first, so it is the one meant. */
	#refusal: Refusal | undefined;
	/** The longest path that reached none. */
	#deadEnd: CertificationPath = [];

	constructor(material: PathMaterial, signatures: SignatureChecker, now: Seconds, limits: PathLimits) {
		this.#material = material;
		this.#signatures = signatures;
		this.#now = now;
		this.#limits = limits;
	}

	/** A path that stands, or why there is none. */
	run(leaf: Certificate): CertificationPath | Refusal {
		const found = this.#extend([leaf], leaf);
		if (found !== undefined) return found;
		return isSelfIssued(leaf) ? selfSigned(leaf) : (this.#refusal ?? this.#unanchored(leaf));
	}

	/** `top` is the last of `path`. */
	#extend(path: CertificationPath, top: Certificate): CertificationPath | undefined {
		if (path.length > this.#deadEnd.length) this.#deadEnd = path;
		for (const anchor of issuersOf(top, this.#material.anchors)) {
			if (!this.#mayGrow(path)) return undefined;
			const whole = [...path, anchor];
			if (this.#stands(whole)) return whole;
		}
		for (const issuer of issuersOf(top, this.#material.intermediates)) {
			if (path.includes(issuer)) continue;
			if (!this.#mayGrow(path)) return undefined;
			const found = this.#extend([...path, issuer], issuer);
			if (found !== undefined) return found;
		}
		return undefined;
	}

	#mayGrow(path: CertificationPath): boolean {
		const may = path.length < this.#limits.maxDepth && this.#steps < this.#limits.maxSteps;
		this.#steps++;
		this.#cutShort ||= !may;
		return may;
	}

	#stands(path: CertificationPath): boolean {
		const refusal =
			checkPath(path, this.#now, this.#limits) ??
			this.#signatures.check(path) ??
			checkNameConstraints(path, this.#limits);
		this.#refusal ??= refusal;
		return refusal === undefined;
	}

	#unanchored(leaf: Certificate): Refusal {
		if (this.#cutShort) {
			const fault = "leads through more CA certificates than are followed";
			return refuseCertificate("over-limit", leaf, fault, "have the server send its own chain and nothing else");
		}
		const missing = describeName((this.#deadEnd.at(-1) ?? leaf).issuer);
		const fault = `leads to "${missing}", which is not bundled`;
		return refuseCertificate(
			"unknown-ca",
			leaf,
			fault,
			"bundle that CA, and have the server send all certificates up to it",
		);
	}
}

function selfSigned(leaf: Certificate): Refusal {
	const remedy = "bundle it, or have it issued by a CA that is bundled";
	return refuseCertificate("self-signed", leaf, "is signed by itself and is not bundled", remedy);
}

/** Candidates whose subject is the certificate's issuer, those first whose key identifier is the one it asks for. */
function issuersOf(subject: Certificate, candidates: readonly Certificate[]): Certificate[] {
	if (isEmptyName(subject.issuer)) return [];
	return candidates
		.filter((candidate) => bytesEqual(candidate.subject, subject.issuer))
		.sort((a, b) => keyIdRank(subject, a) - keyIdRank(subject, b));
}

/** Key identifiers are a hint (RFC 5280 section 4.2.1.1): where they differ, the signature still decides. */
function keyIdRank(subject: Certificate, issuer: Certificate): number {
	const wanted = subject.extensions.authorityKeyId;
	const offered = issuer.extensions.subjectKeyId;
	if (wanted === undefined || offered === undefined) return 1;
	return bytesEqual(wanted, offered) ? 0 : 2;
}
