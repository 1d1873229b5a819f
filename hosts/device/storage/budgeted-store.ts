import type { Clock, Millis, Store } from "../../../src/ports/index.ts";
import { StoreError } from "../../../src/ports/index.ts";

const DAY: Millis = 24 * 3_600_000;

/**
 * 24 KB of NVS on an ESP32 take about 12 million small records before its 4 KB sectors reach the 100,000 erasures that
 * flash is sold for: 3,000 a day for ten years.
 */
export const WRITES_PER_DAY = 3_000;

export interface WriteBudget {
	/** What may be written in a burst, and again in each day that follows. */
	readonly perDay: number;
	readonly clock: Clock;
}

/** A Store whose flash does not wear out before the device does, whatever the network sends: writes beyond the budget are refused. */
export class BudgetedStore implements Store {
	readonly #store: Store;
	readonly #budget: WriteBudget;
	#left: number;
	#filled: Millis;
	#writes = 0;

	constructor(store: Store, budget: WriteBudget) {
		this.#store = store;
		this.#budget = budget;
		this.#left = budget.perDay;
		this.#filled = budget.clock.now();
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
		if (this.#left < 1) throw new StoreError(`today's ${this.#budget.perDay} writes to flash are used up`);
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
		const { perDay, clock } = this.#budget;
		const now = clock.now();
		this.#left = Math.min(perDay, this.#left + ((now - this.#filled) / DAY) * perDay);
		this.#filled = now;
	}
}
