import type { StoreRecord, StoreWrite } from "../../../src/broker/index.ts";

/** Why nothing can be made durable at present, or undefined: it can. */
export type StoreTrouble = string | undefined;

/** Where the broker's state outlives a connection. */
export interface HubStore {
	/** What messages call it: its path, for instance. */
	readonly name: string;
	/** What the store held when it was opened, in the order of STORE_TABLES. To be read once, before the first commit. */
	load(): Iterable<StoreRecord>;
	/**
	 * Makes the writes durable, all or none, after those of every earlier call. Returns nothing if they are durable at
	 * once, else a promise; calls in a row may get the same one, and be durable together. If it throws or rejects, what waits for these writes is never acknowledged.
	 * Unless `isUrgent` (the default) they may be put off for a while, until others are urgent.
	 */
	commit(writes: readonly StoreWrite[], isUrgent?: boolean): void | Promise<void>;
	/** Calls the listener when writes begin to be held back, and when they go on. */
	watch(listener: (trouble: StoreTrouble) => void): void;
	/** Finishes what is under way. The last call. */
	close(): void | Promise<void>;
}
