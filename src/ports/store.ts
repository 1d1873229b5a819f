/**
 * Small durable key-value storage, synchronous because both hosts' backends are (flash on the device, a local file in
 * the simulator). Keys are ASCII, at most 64 characters.
 */
export interface Store {
	get(key: string): Uint8Array | undefined;
	/** Replaces the value. Once it returns, the value survives a restart. Throws `StoreError` when the medium refuses. */
	set(key: string, value: Uint8Array): void;
	/** Deletes the key; a missing key is no error. */
	delete(key: string): void;
	/** Every key that starts with `prefix`, in ascending order. */
	keys(prefix: string): readonly string[];
}

/** The medium refused: full, worn out or unreadable. */
export class StoreError extends Error {
	override name = "StoreError";
}
