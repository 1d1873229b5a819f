import type { StoreWrite } from "../../src/broker/index.ts";

/** Where the broker's state outlives a connection. */
export interface HubStore {
	/**
	 * Makes the writes durable, in order and after those of every earlier call. Returns nothing if they are durable at
	 * once, else a promise. If it throws or rejects, what waits for these writes is never acknowledged.
	 */
	commit(writes: readonly StoreWrite[]): void | Promise<void>;
	/** Finishes what is under way. The last call. */
	close(): void | Promise<void>;
}
