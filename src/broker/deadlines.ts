import type { Millis } from "../ports/index.ts";

/** One row of the table: at most one point in time for a kind and an owner. Made once, set and cleared many times. */
export class Timer<Kind, Owner> {
	readonly kind: Kind;
	readonly owner: Owner;
	/** When it fires; Infinity while it is not set. */
	at: Millis = Number.POSITIVE_INFINITY;
	/** Where it stands in the heap, -1: nowhere. */
	slot = -1;

	constructor(kind: Kind, owner: Owner) {
		this.kind = kind;
		this.owner = owner;
	}
}

/** Every deadline of the broker in one table, a binary heap: the earliest is free to find, a change costs log n. */
export class Deadlines<Row extends Timer<unknown, unknown>> {
	readonly #heap: Row[] = [];

	get size(): number {
		return this.#heap.length;
	}

	/** When the earliest row fires, or undefined if none is set. */
	get next(): Millis | undefined {
		return this.#heap[0]?.at;
	}

	/** Sets or moves the row. */
	set(row: Row, at: Millis): void {
		const earlier = at < row.at;
		row.at = at;
		if (row.slot < 0) {
			row.slot = this.#heap.length;
			this.#heap.push(row);
			this.#rise(row);
		} else if (earlier) this.#rise(row);
		else this.#sink(row);
	}

	clear(row: Row): void {
		if (row.slot < 0) return;
		const last = this.#heap.pop() as Row;
		if (last !== row) {
			this.#place(last, row.slot);
			this.#rise(last);
			this.#sink(last);
		}
		row.slot = -1;
		row.at = Number.POSITIVE_INFINITY;
	}

	/** Takes out the earliest row that is due, or returns undefined. */
	takeDue(now: Millis): Row | undefined {
		const row = this.#heap[0];
		if (row === undefined || row.at > now) return undefined;
		this.clear(row);
		return row;
	}

	#rise(row: Row): void {
		let slot = row.slot;
		while (slot > 0) {
			const parent = this.#heap[(slot - 1) >> 1] as Row;
			if (parent.at <= row.at) break;
			this.#place(parent, slot);
			slot = (slot - 1) >> 1;
		}
		this.#place(row, slot);
	}

	#sink(row: Row): void {
		let slot = row.slot;
		for (;;) {
			const child = this.#earlierChild(slot);
			if (child === undefined || child.at >= row.at) break;
			const next = child.slot;
			this.#place(child, slot);
			slot = next;
		}
		this.#place(row, slot);
	}

	#earlierChild(slot: number): Row | undefined {
		const left = this.#heap[slot * 2 + 1];
		const right = this.#heap[slot * 2 + 2];
		return right !== undefined && left !== undefined && right.at < left.at ? right : left;
	}

	#place(row: Row, slot: number): void {
		this.#heap[slot] = row;
		row.slot = slot;
	}
}
