import type { Millis } from "../../src/ports/index.ts";
import { now } from "./clock.ts";

/** Longest span that is given to setTimeout, which takes no more than 31 bits. */
const LONGEST: Millis = 3_600_000;

/** One timer for whatever is due next. May ring early: moving a timer costs more than a look at the clock. */
export class Alarm {
	readonly #ring: () => void;
	#timer: NodeJS.Timeout | undefined;
	#due: Millis = Number.POSITIVE_INFINITY;

	/** `ring` is called once after each `set`, unless another `set` or `cancel` comes before. */
	constructor(ring: () => void) {
		this.#ring = ring;
	}

	/** Rings at `due` at the latest. Undefined: nothing is due. */
	set(due: Millis | undefined): void {
		if (due === undefined) return this.cancel();
		if (this.#timer !== undefined && this.#due <= due) return;
		clearTimeout(this.#timer);
		const span = Math.min(Math.max(0, Math.ceil(due - now())), LONGEST);
		this.#due = now() + span;
		this.#timer = setTimeout(() => {
			this.#timer = undefined;
			this.#ring();
		}, span);
	}

	cancel(): void {
		clearTimeout(this.#timer);
		this.#timer = undefined;
	}
}
