import type { StoreRecord } from "../../../src/broker/index.ts";
import type { HubStore } from "./hub-store.ts";

/** Keeps nothing beyond the process: the broker core's own memory is all the state there is. */
export class MemoryStore implements HubStore {
	readonly name = "memory";

	load(): readonly StoreRecord[] {
		return [];
	}

	commit(): void {}

	watch(): void {}

	close(): void {}
}
