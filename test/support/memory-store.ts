import { type Store, StoreError } from "../../src/ports/index.ts";

/** A Store that survives what a test calls a restart. It can be made to fail, and to be damaged. */
export class MemoryStore implements Store {
	readonly records = new Map<string, Uint8Array>();
	/** Calls of `set`: what flash would wear from. */
	writes = 0;
	isFull = false;
	isUnreadable = false;

	get(key: string): Uint8Array | undefined {
		if (this.isUnreadable) throw new StoreError("unreadable");
		return this.records.get(key);
	}

	set(key: string, value: Uint8Array): void {
		if (this.isFull) throw new StoreError("full");
		this.writes++;
		this.records.set(key, value.slice());
	}

	delete(key: string): void {
		this.records.delete(key);
	}

	keys(prefix: string): readonly string[] {
		if (this.isUnreadable) throw new StoreError("unreadable");
		return [...this.records.keys()].filter((key) => key.startsWith(prefix)).sort();
	}

	/** What a power cut leaves: a copy of what was set until now. */
	copy(): MemoryStore {
		const copy = new MemoryStore();
		for (const [key, value] of this.records) copy.records.set(key, value.slice());
		return copy;
	}
}
