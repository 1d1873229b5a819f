import type { Clock, Millis, Store } from "../../../src/ports/index.ts";
import { StoreError } from "../../../src/ports/index.ts";

const DAY: Millis = 24 * 3_600_000;

/**
 * 24 KB of NVS on an ESP32 take about 12 million small records before its 4 KB sectors reach the 100,000 erasures that
 * flash is sold for: 3,000 a day for ten years.
 */
export const WRITES_PER_DAY = 3_000;

/**
 * An outbox full. A board that starts again and again, every 10 s, writes 280,000 records a day with it: that goes on for six
 * weeks before its flash is worn, where a day's writes with each start would do it in half a day.
 */
export const WRITES_AT_START = 32;

export interface WriteBudget {
	/** Earned with time, evenly. What was not used adds up to one day's. */
	readonly perDay: number;
	/** What may be written right after the start, since nobody knows what was before. Default: `WRITES_AT_START`. */
	readonly atStart?: number | undefined;
	readonly clock: Clock;
}

/** A Store whose flash does not wear out before the device does, whatever the network sends: writes beyond the budget are refused. */
export class BudgetedStore implements Store {
	readonly #store: Store;
	readonly #clock: Clock;
	readonly #perDay: number;
	#left: number;
	#filled: Millis;
	#writes = 0;

	constructor(store: Store, budget: WriteBudget) {
		this.#store = store;
		const { perDay, atStart = WRITES_AT_START, clock } = budget;
		this.#clock = clock;
		this.#perDay = perDay;
		this.#left = Math.min(perDay, atStart);
		this.#filled = clock.now();
	}

	/** Records written since the start. */
	get writes(): number {
		return this.#writes;
	}

	get(key: string): Uint8Array | undefined {
		return this.#store.get(key);
	}

	/** Throws StoreError also when the budget is used up. */
	set(key: string, value: Uint8Array): void {
		this.fill();
		if (this.#left < 1) throw new StoreError(`no write to flash is free: there are ${this.#perDay} a day`);
		this.#store.set(key, value);
		this.#left--;
		this.#writes++;
	}

	/** Always possible: what is not needed must not come back after a restart. */
	delete(key: string): void {
		this.#store.delete(key);
	}

	keys(prefix: string): readonly string[] {
		return this.#store.keys(prefix);
	}

	private fill(): void {
		const now = this.#clock.now();
		this.#left = Math.min(this.#perDay, this.#left + ((now - this.#filled) / DAY) * this.#perDay);
		this.#filled = now;
	}
}
