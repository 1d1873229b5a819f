import { type Certificate, signedParts } from "./certificate.ts";
import { describeCertificate, type Refusal, refuseCertificate } from "./refusal.ts";
import { isPlausibleSignature, type VerifySignature } from "./signature.ts";

interface Verdict {
	readonly subject: Certificate;
	readonly issuer: Certificate;
	readonly genuine: boolean;
}

/** Checks signatures, each pair of certificates once, and no more than a given number of them. */
export class SignatureChecker {
	readonly #verify: VerifySignature;
	readonly #verdicts: Verdict[] = [];
	readonly #maxChecks: number;

	constructor(verify: VerifySignature, maxChecks: number) {
		this.#verify = verify;
		this.#maxChecks = maxChecks;
	}

	/** Checks a path from its anchor down, so that a key is only ever used once it is known whose it is. */
	check(path: readonly Certificate[]): Refusal | undefined {
		for (let index = path.length - 2; index >= 0; index--) {
			const [subject, issuer] = [path[index], path[index + 1]];
			const refusal = subject && issuer && this.#checkPair(subject, issuer);
			if (refusal !== undefined) return refusal;
		}
		return undefined;
	}

	#checkPair(subject: Certificate, issuer: Certificate): Refusal | undefined {
		let verdict = this.#verdicts.find((known) => known.subject === subject && known.issuer === issuer);
		if (verdict === undefined) {
			if (this.#verdicts.length >= this.#maxChecks) return overLimit(subject);
			verdict = { subject, issuer, genuine: this.#isGenuine(subject, issuer) };
			this.#verdicts.push(verdict);
		}
		return verdict.genuine ? undefined : forged(subject, issuer);
	}

	#isGenuine(subject: Certificate, issuer: Certificate): boolean {
		const algorithm = subject.signatureAlgorithm;
		const { signature, tbs } = signedParts(subject);
		const key = issuer.publicKey;
		if (typeof algorithm !== "string" || key.kind === "unsupported") return false;
		return isPlausibleSignature(algorithm, key, signature) && this.#verify(algorithm, key, tbs, signature);
	}
}

function forged(subject: Certificate, issuer: Certificate): Refusal {
	const fault = `is not signed by ${describeCertificate(issuer)}, though it says so`;
	return refuseCertificate("bad-signature", subject, fault, "it is damaged, forged, or from another CA of that name");
}

function overLimit(subject: Certificate): Refusal {
	const fault = "takes too many signature checks to judge";
	return refuseCertificate("over-limit", subject, fault, "have the server send its own chain and nothing else");
}
