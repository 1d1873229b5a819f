import type { Seconds } from "../../../../src/ports/index.ts";
import type { TimerService } from "../../platform.ts";

/** An output of ECMA-419's digital IO. */
export interface Led {
	write(value: 0 | 1): void;
	/** Frees its pin. */
	close(): void;
}

const BLINKS_PER_SECOND = 4;

/** Blinks an LED whose pin is taken for so long alone: a driver gives a pin to one at a time, and throws otherwise. */
export class Blinker {
	readonly #open: () => Led;
	readonly #timers: Pick<TimerService, "repeat" | "clear">;
	#led: Led | undefined;
	#changesLeft = 0;

	constructor(open: () => Led, timers: Pick<TimerService, "repeat" | "clear">) {
		this.#open = open;
		this.#timers = timers;
	}

	/** For so long from now on, also if it blinks already. Throws what the driver does if the pin is taken by somebody else. */
	blink(duration: Seconds): void {
		this.#changesLeft = duration * BLINKS_PER_SECOND * 2;
		if (this.#led !== undefined) return;
		const led = this.#open();
		this.#led = led;
		const timer = this.#timers.repeat(
			() => {
				led.write(this.#changesLeft % 2 === 0 ? 1 : 0);
				if (--this.#changesLeft > 0) return;
				this.#timers.clear(timer);
				led.close();
				this.#led = undefined;
			},
			1_000 / (BLINKS_PER_SECOND * 2),
		);
	}
}
