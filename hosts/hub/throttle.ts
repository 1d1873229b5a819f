import type { Millis } from "../../src/ports/index.ts";
import { now } from "./clock.ts";

/** Thins out a repeated report: one passes per interval, with the number of those that did not. */
export class Throttle {
	readonly #interval: Millis;
	#nextAt: Millis = 0;
	#heldBack = 0;

	constructor(interval: Millis) {
		this.#interval = interval;
	}

	/** How many were held back since the last one that passed; undefined: hold this one back. */
	pass(): number | undefined {
		if (now() < this.#nextAt) {
			this.#heldBack++;
			return undefined;
		}
		const heldBack = this.#heldBack;
		this.#heldBack = 0;
		this.#nextAt = now() + this.#interval;
		return heldBack;
	}
}
