import { decodeUtf8, encodeUtf8 } from "../../../src/codec/index.ts";
import type { Log, Seconds, Store } from "../../../src/ports/index.ts";
import { INTERVAL_RANGE } from "./settings.ts";

const KEY = "interval";

/** Keeps the interval that a command has set across restarts. */
export class IntervalMemory {
	readonly #store: Store;
	readonly #log: Log;

	constructor(store: Store, log: Log) {
		this.#store = store;
		this.#log = log;
	}

	/** Undefined: nothing that makes sense is kept, or it cannot be read. */
	load(): Seconds | undefined {
		try {
			const bytes = this.#store.get(KEY);
			const interval = bytes ? Number(decodeUtf8(bytes, 0, bytes.length)) : 0;
			return interval >= INTERVAL_RANGE.from && interval <= INTERVAL_RANGE.to ? interval : undefined;
		} catch (error) {
			this.#log.write("warn", "kept interval cannot be read", { reason: String(error) });
			return undefined;
		}
	}

	/** Writes only what changes: flash wears. Throws StoreError. */
	save(interval: Seconds): void {
		if (this.load() !== interval) this.#store.set(KEY, encodeUtf8(String(interval)));
	}
}
