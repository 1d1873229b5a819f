/** The longest row of attempts that are left out. */
const MOST_SKIPPED = 31;

/**
 * Decides, each time that someone asks, whether to write again to a disk that could not be written to: at once when it
 * has more room than it had, otherwise less and less often. A failed attempt costs work, and a line that LMDB prints.
 */
export class RetryPolicy {
	/** Bytes that were free at the last failure. */
	#free = 0;
	#failures = 0;
	#skipped = 0;

	/** `free`: bytes of the disk that are free. */
	isDue(free: number): boolean {
		if (free > this.#free || this.#skipped >= this.#toSkip) return true;
		this.#skipped++;
		return false;
	}

	failed(free: number): void {
		this.#free = free;
		this.#failures++;
		this.#skipped = 0;
	}

	/** None after the first failure, then 1, 3, 7, … */
	get #toSkip(): number {
		return Math.min(2 ** (this.#failures - 1) - 1, MOST_SKIPPED);
	}
}
