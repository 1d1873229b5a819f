import type { Clock, Millis, TimerHandle } from "../../../src/ports/index.ts";

/** The last words have this long to be acknowledged. */
const TIMEOUT: Millis = 3_000;

/** Waits until the last words are acknowledged, but not for ever. Calls back once. */
export class Farewell {
	readonly #clock: Clock;
	readonly #callback: () => void;
	#timer: TimerHandle;

	constructor(clock: Clock, callback: () => void) {
		this.#clock = clock;
		this.#callback = callback;
		this.#timer = clock.setTimer(() => this.over(), TIMEOUT);
	}

	over(): void {
		if (this.#timer === undefined) return;
		this.#clock.clearTimer(this.#timer);
		this.#timer = undefined;
		this.#callback();
	}
}
