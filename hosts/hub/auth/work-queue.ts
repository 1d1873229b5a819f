/** There is no room for another piece of work: the peer may try again later. */
export class BusyError extends Error {
	override name = "BusyError";
}

/** Runs a few pieces of work at a time, keeps a bounded number waiting, and refuses the rest. */
export class WorkQueue {
	readonly #concurrency: number;
	readonly #capacity: number;
	readonly #waiting: (() => void)[] = [];
	#running = 0;

	constructor(concurrency: number, capacity: number) {
		this.#concurrency = concurrency;
		this.#capacity = capacity;
	}

	/** Rejects with `BusyError` at once when too much is waiting. */
	async run<T>(work: () => Promise<T>): Promise<T> {
		if (this.#running < this.#concurrency) this.#running++;
		else await this.#turn();
		try {
			return await work();
		} finally {
			const next = this.#waiting.shift();
			if (next === undefined) this.#running--;
			else next();
		}
	}

	#turn(): Promise<void> {
		if (this.#waiting.length >= this.#capacity) return Promise.reject(new BusyError("too many passwords to check"));
		return new Promise((resolve) => this.#waiting.push(resolve));
	}
}
