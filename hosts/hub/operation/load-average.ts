import type { Millis } from "../../../src/ports/index.ts";

const MINUTE: Millis = 60_000;

/** Over how many minutes Mosquitto averages. */
export const LOAD_MINUTES = [1, 5, 15] as const;

/** The moving average of a counter's growth per minute, as in Mosquitto's `$SYS/broker/load/…` topics. */
export class LoadAverage {
	#total = 0;
	readonly #rates = LOAD_MINUTES.map(() => 0);

	/** The growth per minute, averaged over each of LOAD_MINUTES. */
	get rates(): readonly number[] {
		return this.#rates;
	}

	/** The counter stands at `total`, `span` after the last time. */
	update(total: number, span: Millis): void {
		const rate = ((total - this.#total) * MINUTE) / span;
		this.#total = total;
		for (const [i, minutes] of LOAD_MINUTES.entries()) {
			const weightOfPast = Math.exp(-span / (minutes * MINUTE));
			this.#rates[i] = rate + weightOfPast * ((this.#rates[i] ?? 0) - rate);
		}
	}
}
