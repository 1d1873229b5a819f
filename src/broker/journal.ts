import type { StoreKey, StoreTable, StoreWrite } from "./store-write.ts";

/** Retained messages change often, and those of QoS 0 were promised to nobody. */
const PATIENT: readonly StoreTable[] = ["message", "retained"];

interface TakenBatch {
	readonly batch: number;
	readonly writes: readonly StoreWrite[];
	/** False: it changes retained messages alone. */
	readonly isUrgent: boolean;
}

/**
 * Changes of the durable state, gathered into batches. A batch is open until the host takes it; it is committed when
 * the host says so. Batches are numbered from 1 and committed in order.
 */
export class Journal {
	#writes: StoreWrite[] = [];
	#open = 1;
	#count = 0;
	#committed = 0;
	/** Bytes of each batch that was taken and is not committed, oldest first. */
	readonly #taken: number[] = [];
	#openBytes = 0;
	#uncommittedBytes = 0;
	#isUrgent = false;

	/** The batch that a write made now belongs to. */
	get open(): number {
		return this.#open;
	}

	/** The last batch that is durable. */
	get committed(): number {
		return this.#committed;
	}

	/** Writes since the start: by comparing two readings, a caller learns whether anything was written. */
	get count(): number {
		return this.#count;
	}

	/** Bytes of values that are not durable yet. */
	get uncommittedBytes(): number {
		return this.#uncommittedBytes;
	}

	put(table: StoreTable, key: StoreKey, value: Uint8Array): void {
		this.#writes.push({ kind: "put", table, key, value });
		this.#openBytes += value.length;
		this.#uncommittedBytes += value.length;
		this.#isUrgent ||= !PATIENT.includes(table);
		this.#count++;
	}

	delete(table: StoreTable, key: StoreKey): void {
		this.#writes.push({ kind: "delete", table, key });
		this.#isUrgent ||= !PATIENT.includes(table);
		this.#count++;
	}

	/** What is in the open batch is to be durable soon, whatever it is. */
	hurry(): void {
		this.#isUrgent = this.#writes.length > 0;
	}

	/** Closes the open batch and hands it over; undefined if it is empty. */
	take(): TakenBatch | undefined {
		if (this.#writes.length === 0) return undefined;
		const taken = { batch: this.#open++, writes: this.#writes, isUrgent: this.#isUrgent };
		this.#isUrgent = false;
		this.#taken.push(this.#openBytes);
		this.#openBytes = 0;
		this.#writes = [];
		return taken;
	}

	/** Notes that everything up to and including `batch` is durable. False: it was known, or no such batch was taken. */
	commit(batch: number): boolean {
		if (batch <= this.#committed || batch >= this.#open) return false;
		for (; this.#committed < batch; this.#committed++) this.#uncommittedBytes -= this.#taken.shift() ?? 0;
		return true;
	}
}
