export { DurableStore, type DurableStoreOptions } from "./durable-store.ts";
export type { HubStore, StoreTrouble } from "./hub-store.ts";
export { MemoryStore } from "./memory-store.ts";
export { StoreError } from "./store-error.ts";
