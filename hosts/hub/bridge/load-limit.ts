import { HUB_LIMITS } from "../../../src/broker/index.ts";
import type { Millis } from "../../../src/ports/index.ts";
import { now } from "../clock.ts";

/** Refusals in a row before user properties are taken for their cause. */
const STRIKES = 2;
/** After it, it is tried whether the broker takes more: it may, or something else was the cause. */
const LIFETIME: Millis = 3_600_000;
/** A message of QoS 0 that the connection has outlived so long was taken. */
const SURVIVED: Millis = 5_000;

/**
 * How many user properties another broker takes with a message. MQTT 5 has no way to say it, and a broker that takes
 * fewer ends the connection each time that the message comes again. So it is found out: what was not acknowledged when
 * the broker refused, twice in a row, had too many.
 */
export class LoadLimit {
	readonly #now: () => Millis;
	#most = HUB_LIMITS.userProperties;
	/** How many the broker has taken on this connection. */
	#proven = 0;
	#strikes = 0;
	/** How many are suspected of being too many. */
	#suspect = 0;
	#liftAt: Millis = Number.POSITIVE_INFINITY;
	/** Until then refusals have another cause, such as a store that is full. */
	#acquittedUntil: Millis = Number.NEGATIVE_INFINITY;
	/** The most of late at QoS 0, which is not acknowledged. */
	#recent = 0;
	#recentSince: Millis = 0;

	constructor(clock: () => Millis = now) {
		this.#now = clock;
	}

	/** How many it takes, as far as is known. */
	get most(): number {
		// That it is too much once more would be no news.
		if (this.#now() >= this.#liftAt) this.#lift(STRIKES - 1);
		return this.#most;
	}

	/** There is a new connection. */
	connected(): void {
		this.#proven = 0;
		this.#recent = 0;
	}

	/** A message with so many goes at QoS 0. */
	sent(count: number): void {
		const isOver = this.#now() - this.#recentSince > SURVIVED;
		if (isOver) this.taken(this.#recent);
		if (!isOver && count <= this.#recent) return;
		this.#recent = count;
		this.#recentSince = this.#now();
	}

	/** The broker has acknowledged a message with so many. */
	taken(count: number): void {
		this.#acquittedUntil = Number.NEGATIVE_INFINITY;
		this.#proven = Math.max(this.#proven, count);
		if (count >= this.#suspect) this.#strikes = 0;
	}

	/** The broker has refused what had none: they are not the cause, until it takes something again. */
	refusedBare(): void {
		this.#lift(0);
		this.#acquittedUntil = this.#now() + LIFETIME;
	}

	/**
	 * The broker has refused what it was sent; the heaviest that it has not acknowledged has so many. Undefined: they are not
	 * the cause. False: they may be, which the next attempt tells. True: it takes fewer, `most`.
	 */
	refused(heaviest: number): boolean | undefined {
		const suspect = Math.max(heaviest, this.#now() - this.#recentSince > SURVIVED ? 0 : this.#recent);
		if (suspect <= this.#proven || this.#now() < this.#acquittedUntil) return undefined;
		this.#suspect = suspect;
		this.#strikes++;
		if (this.#strikes < STRIKES) return false;
		this.#strikes = 0;
		// Halfway, as one seeks: each step costs connections.
		this.#most = Math.ceil((this.#proven + suspect - 1) / 2);
		this.#liftAt = this.#now() + LIFETIME;
		return true;
	}

	#lift(strikes: number): void {
		this.#most = HUB_LIMITS.userProperties;
		this.#liftAt = Number.POSITIVE_INFINITY;
		this.#strikes = strikes;
	}
}
