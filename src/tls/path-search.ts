import { bytesEqual } from "./bytes.ts";
import { type Certificate, parseCertificate, readIssuer, readSubject } from "./certificate.ts";
import { describeName, isEmptyName } from "./distinguished-name.ts";
import type { PathLimits } from "./limits.ts";
import type { CertificationPath } from "./path-check.ts";
import { type Refusal, refuseCertificate } from "./refusal.ts";

/** What a path may be made of, each in DER and well-formed. */
export interface PathMaterial {
	/** Other certificates that the server sent. Nothing in them is trusted. */
	readonly intermediates: readonly Uint8Array[];
	/** Bundled certificates. */
	readonly anchors: readonly Uint8Array[];
}

/** A certificate on the path that is being put together, and those of its issuers that have not been tried. */
interface Level {
	readonly certificate: Uint8Array;
	readonly anchors: Uint8Array[];
	readonly intermediates: Uint8Array[];
}

/**
 * Finds the paths from the server's certificate to an anchor, depth first and by names alone: what leads nowhere costs no
 * signature check. Issuers are tried best first.
 */
export class PathSearch {
	readonly #material: PathMaterial;
	readonly #limits: PathLimits;
	readonly #levels: Level[] = [];
	#steps = 0;
	#cutShort = false;
	/** The length of the longest path that reached no anchor, and its last certificate. */
	#deepest = 0;
	#deadEnd: Uint8Array;

	constructor(leaf: Uint8Array, material: PathMaterial, limits: PathLimits) {
		this.#material = material;
		this.#limits = limits;
		this.#deadEnd = leaf;
		this.descend(leaf);
	}

	/** The next path that reaches an anchor. Undefined: there is no other. */
	next(): CertificationPath | undefined {
		for (let level = this.#levels.at(-1); level !== undefined; level = this.#levels.at(-1)) {
			const anchor = level.anchors.shift();
			const issuer = anchor ?? level.intermediates.shift();
			if (issuer === undefined || !this.mayGrow()) this.#levels.pop();
			else if (anchor === undefined) this.descend(issuer);
			else return this.path().concat(anchor);
		}
		return undefined;
	}

	/** Why no path from `leaf` reached an anchor. */
	failure(leaf: Certificate): Refusal {
		if (this.#cutShort) {
			const fault = "leads through more CA certificates than are followed";
			return refuseCertificate("over-limit", leaf, fault, "have the server send its own chain and nothing else");
		}
		const fault = `leads to "${describeName(readIssuer(this.#deadEnd))}", which is not bundled`;
		const remedy = "bundle that CA, and have the server send all certificates up to it";
		return refuseCertificate("unknown-ca", leaf, fault, remedy);
	}

	private descend(certificate: Uint8Array): void {
		const path = this.path().concat(certificate);
		const { anchors, intermediates } = this.#material;
		const others = intermediates.filter((other) => !path.includes(other));
		this.#levels.push({
			certificate,
			anchors: issuersOf(certificate, anchors),
			intermediates: issuersOf(certificate, others),
		});
		if (path.length <= this.#deepest) return;
		this.#deepest = path.length;
		this.#deadEnd = certificate;
	}

	private path(): Uint8Array[] {
		return this.#levels.map(({ certificate }) => certificate);
	}

	private mayGrow(): boolean {
		const may = this.#levels.length < this.#limits.maxDepth && this.#steps < this.#limits.maxSteps;
		this.#steps++;
		this.#cutShort ||= !may;
		return may;
	}
}

/** Candidates whose subject is the certificate's issuer, those first whose key identifier is the one it asks for. */
function issuersOf(certificate: Uint8Array, candidates: readonly Uint8Array[]): Uint8Array[] {
	const issuer = readIssuer(certificate);
	if (isEmptyName(issuer)) return [];
	return candidates
		.filter((candidate) => bytesEqual(readSubject(candidate), issuer))
		.sort((a, b) => keyIdRank(certificate, a) - keyIdRank(certificate, b));
}

/** Key identifiers are a hint (RFC 5280 section 4.2.1.1): where they differ, the signature still decides. */
function keyIdRank(subject: Uint8Array, issuer: Uint8Array): number {
	const wanted = parseCertificate(subject).extensions.authorityKeyId;
	const offered = parseCertificate(issuer).extensions.subjectKeyId;
	if (wanted === undefined || offered === undefined) return 1;
	return bytesEqual(wanted, offered) ? 0 : 2;
}
