import { type PathQuestion, type PathResult, PathValidation } from "./path-validation.ts";
import type { VerifySignature } from "./signature.ts";

/** A question with the means to check signatures. */
export interface PathRequest extends PathQuestion {
	readonly verifySignature: VerifySignature;
}

/**
 * Validates a TLS server's certificates: RFC 5280 section 6 without policies and revocation, and host names by RFC
 * 9525. Never throws, whatever the server sent; work and memory are bounded by `limits`.
 *
 * The dates of a bundled CA are not checked: it is trusted because it was bundled, and a device in the field must not
 * lose its broker on the day that its copy of a root reaches a date. To stop trusting a CA, take it out of the bundle.
 */
export function validatePath(request: PathRequest): PathResult {
	const validation = new PathValidation(request);
	for (;;) {
		const step = validation.next();
		if ("ok" in step) return step;
		const { algorithm, key, signed, signature } = step;
		if (request.verifySignature(algorithm, key, signed, signature)) validation.approve();
	}
}
