import type { Millis } from "../../src/ports/index.ts";

/** Lets things through late, in order, and not at all while it is blocked. */
export class DelayLine {
	readonly #latency: Millis;
	#blocked: (() => void)[] | undefined;

	constructor(latency: Millis) {
		this.#latency = latency;
	}

	send(deliver: () => void): void {
		if (this.#latency === 0) this.#arrive(deliver);
		else setTimeout(() => this.#arrive(deliver), this.#latency);
	}

	/** What is on its way, or comes from now on, waits. */
	block(): void {
		this.#blocked ??= [];
	}

	unblock(): void {
		const waiting = this.#blocked ?? [];
		this.#blocked = undefined;
		for (const deliver of waiting) this.#arrive(deliver);
	}

	#arrive(deliver: () => void): void {
		if (this.#blocked) this.#blocked.push(deliver);
		else deliver();
	}
}
