import type { HubStore } from "./store.ts";

/** Keeps nothing beyond the process: the broker core's own memory is all the state there is. */
export class MemoryStore implements HubStore {
	commit(): void {}

	close(): void {}
}
