import { parseCertificate, readKey, signedParts } from "./certificate.ts";
import type { CertificationPath } from "./path-check.ts";
import type { VerifyingKey } from "./public-key.ts";
import { describeCertificate, type Refusal, refuseCertificate } from "./refusal.ts";
import { isPlausibleSignature } from "./signature.ts";
import type { SignatureAlgorithm } from "./signature-algorithm.ts";

/** A signature that is to be checked: the arguments of `VerifySignature`. */
export interface SignatureQuestion {
	readonly algorithm: SignatureAlgorithm;
	readonly key: VerifyingKey;
	readonly signed: Uint8Array;
	readonly signature: Uint8Array;
}

interface Verdict {
	readonly subject: Uint8Array;
	readonly issuer: Uint8Array;
	isGenuine: boolean;
}

/** Keeps the verdicts on signatures: each pair of certificates is asked about once, and no more than a given number. */
export class SignatureChecker {
	readonly #verdicts: Verdict[] = [];
	readonly #maxChecks: number;

	constructor(maxChecks: number) {
		this.#maxChecks = maxChecks;
	}

	/**
	 * Checks a path from its anchor down, so that a key is only ever used once it is known whose it is. Undefined: all
	 * signatures on it are genuine.
	 */
	check(path: CertificationPath): SignatureQuestion | Refusal | undefined {
		for (let index = path.length - 2; index >= 0; index--) {
			const subject = path[index];
			const issuer = path[index + 1];
			const outcome = subject && issuer && this.checkPair(subject, issuer);
			if (outcome !== undefined) return outcome;
		}
		return undefined;
	}

	/** Says that the signature that was asked about last is genuine. It is not until then. */
	approve(): void {
		const asked = this.#verdicts.at(-1);
		if (asked !== undefined) asked.isGenuine = true;
	}

	private checkPair(subject: Uint8Array, issuer: Uint8Array): SignatureQuestion | Refusal | undefined {
		const known = this.#verdicts.find((verdict) => verdict.subject === subject && verdict.issuer === issuer);
		if (known !== undefined) return known.isGenuine ? undefined : forged(subject, issuer);
		if (this.#verdicts.length >= this.#maxChecks) return overLimit(subject);
		this.#verdicts.push({ subject, issuer, isGenuine: false });
		return questionOf(subject, issuer) ?? forged(subject, issuer);
	}
}

/** Undefined: it need not be asked, for it cannot be a signature by that key. */
function questionOf(subject: Uint8Array, issuer: Uint8Array): SignatureQuestion | undefined {
	const { algorithm, tbs, signature } = signedParts(subject);
	const key = readKey(issuer);
	if (typeof algorithm !== "string" || key.kind === "unsupported") return undefined;
	return isPlausibleSignature(algorithm, key, signature) ? { algorithm, key, signed: tbs, signature } : undefined;
}

function forged(subject: Uint8Array, issuer: Uint8Array): Refusal {
	const fault = `is not signed by ${describeCertificate(parseCertificate(issuer))}, though it says so`;
	const remedy = "it is damaged, forged, or from another CA of that name";
	return refuseCertificate("bad-signature", parseCertificate(subject), fault, remedy);
}

function overLimit(subject: Uint8Array): Refusal {
	const remedy = "have the server send its own chain and nothing else";
	return refuseCertificate("over-limit", parseCertificate(subject), "takes too many signature checks to judge", remedy);
}
