import type { Millis, Random } from "../ports/index.ts";

/** How long to wait between attempts to connect. */
export interface BackoffOptions {
	/** Before the second attempt, at most. */
	readonly initial: Millis;
	/** The longest wait for a broker that cannot be reached. */
	readonly maximum: Millis;
	/** The first wait, at most, after the broker refused us: trying again soon will not help. */
	readonly refused: Millis;
	/** A connection that lasted this long starts over at `initial`. */
	readonly stableAfter: Millis;
}

export const DEFAULT_BACKOFF: BackoffOptions = {
	initial: 1_000,
	maximum: 120_000,
	refused: 60_000,
	stableAfter: 30_000,
};

/** `lost`: the network's or the broker's trouble. `refused`: credentials, bans, quotas: it takes a person to change. */
export type BackoffScale = "lost" | "refused";

/** The wait after refusals grows to this many times `refused`. */
const REFUSED_GROWTH = 16;

/**
 * Exponential backoff with jitter, so that a home full of devices does not return in step. `lost` waits anything from 0
 * to the bound ("full jitter"); `refused` waits at least half of it, because brokers count failed logins.
 */
export class Backoff {
	readonly #options: BackoffOptions;
	readonly #random: Random;
	#lost = 0;
	#refused = 0;

	constructor(options: BackoffOptions, random: Random) {
		this.#options = options;
		this.#random = random;
	}

	/** Attempts since the last stable connection. */
	get attempts(): number {
		return this.#lost + this.#refused;
	}

	/** The wait before the next attempt. */
	next(scale: BackoffScale): Millis {
		const options = this.#options;
		const chance = this.#random.next();
		if (scale === "lost") return Math.round(chance * grown(options.initial, this.#lost++, options.maximum));
		const refused = options.refused;
		return Math.round(((1 + chance) / 2) * grown(refused, this.#refused++, refused * REFUSED_GROWTH));
	}

	/** The connection is stable. */
	reset(): void {
		this.#lost = 0;
		this.#refused = 0;
	}
}

function grown(base: Millis, times: number, maximum: Millis): Millis {
	return Math.min(maximum, base * 2 ** Math.min(times, 30));
}
