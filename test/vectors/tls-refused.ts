import type { RefusedCase } from "./tls-case.ts";
import { REFUSED_FOR_ALGORITHMS } from "./tls-refused/algorithms.ts";
import { REFUSED_THOUGH_INSECURE } from "./tls-refused/insecure.ts";
import { REFUSED_FOR_NAMES } from "./tls-refused/names.ts";
import { REFUSED_FOR_RIGHTS } from "./tls-refused/rights.ts";
import { REFUSED_FOR_TRUST } from "./tls-refused/trust.ts";
import { REFUSED_FOR_VALIDITY } from "./tls-refused/validity.ts";

/** Chains that must be refused, and why. */
export const REFUSED: readonly RefusedCase[] = [
	...REFUSED_FOR_TRUST,
	...REFUSED_FOR_VALIDITY,
	...REFUSED_FOR_NAMES,
	...REFUSED_FOR_RIGHTS,
	...REFUSED_FOR_ALGORITHMS,
	...REFUSED_THOUGH_INSECURE,
];
