import type { Millis } from "../ports/index.ts";

/** Held back again within this time, a client is in the same episode. */
const EPISODE: Millis = 60_000;

/** How fast one client publishes: a bucket of tokens, one for each PUBLISH, that holds those of one second. */
export class Pace {
	#tokens: number;
	#filledAt: Millis;
	#lastHeld: Millis = Number.NEGATIVE_INFINITY;

	constructor(perSecond: number, now: Millis) {
		this.#tokens = perSecond;
		this.#filledAt = now;
	}

	/** Takes one token. Returns how long it takes until there is another. */
	take(perSecond: number, now: Millis): Millis {
		if (now !== this.#filledAt) this.#fill(perSecond, now); // many packets come at one time
		this.#tokens -= 1;
		return this.#tokens >= 1 ? 0 : ((1 - this.#tokens) / perSecond) * 1_000;
	}

	#fill(perSecond: number, now: Millis): void {
		const earned = ((now - this.#filledAt) / 1_000) * perSecond;
		this.#tokens = Math.min(this.#tokens + earned, perSecond);
		this.#filledAt = now;
	}

	/** Notes that the client is held back. True: for the first time in an episode. */
	held(now: Millis): boolean {
		const isNew = now - this.#lastHeld > EPISODE;
		this.#lastHeld = now;
		return isNew;
	}
}
