import type { Random } from "../../src/ports/index.ts";

/** A repeatable sequence (mulberry32), or, with `fixed`, the same number each time. */
export class SeededRandom implements Random {
	#state: number;
	/** When set, what `next` returns. */
	fixed: number | undefined;

	constructor(seed = 1) {
		this.#state = seed;
	}

	next(): number {
		if (this.fixed !== undefined) return this.fixed;
		this.#state = (this.#state + 0x6d2b79f5) | 0;
		let t = Math.imul(this.#state ^ (this.#state >>> 15), 1 | this.#state);
		t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
		return ((t ^ (t >>> 14)) >>> 0) / 0x1_0000_0000;
	}
}
