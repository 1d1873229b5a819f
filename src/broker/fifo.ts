/** An emptied queue keeps the room for this many items; what a burst needed beyond it is given back. */
const KEPT_ROOM = 32;

/** A first-in, first-out queue. Both ends are O(1), amortised. */
export class Fifo<T> {
	#items: (T | undefined)[] = [];
	#head = 0;
	#tail = 0;

	get size(): number {
		return this.#tail - this.#head;
	}

	/** The item that `shift` would take. */
	get first(): T | undefined {
		return this.#items[this.#head];
	}

	push(item: T): void {
		this.#items[this.#tail++] = item;
	}

	/** Puts items before all others, in their order. */
	unshift(items: readonly T[]): void {
		this.replace(items.concat(this.values()));
	}

	shift(): T | undefined {
		const head = this.#head;
		if (head === this.#tail) return undefined;
		const item = this.#items[head];
		this.#items[head] = undefined;
		this.#head = head + 1;
		if (this.#head === this.#tail) this.rewind();
		else if (head >= KEPT_ROOM && head * 2 >= this.#tail) this.replace(this.values());
		return item;
	}

	/** Removes and returns, in order, every item for which `test` is true. */
	extract(test: (item: T) => boolean): T[] {
		const taken: T[] = [];
		const kept: T[] = [];
		this.values().forEach((item) => {
			(test(item) ? taken : kept).push(item);
		});
		if (taken.length > 0) this.replace(kept);
		return taken;
	}

	clear(): void {
		this.#items.fill(undefined, this.#head, this.#tail);
		this.rewind();
	}

	/** All items, in order: a copy. */
	values(): T[] {
		return this.#items.slice(this.#head, this.#tail) as T[];
	}

	private rewind(): void {
		this.#head = 0;
		this.#tail = 0;
		if (this.#items.length > KEPT_ROOM) this.#items = [];
	}

	private replace(items: T[]): void {
		this.#items = items;
		this.#head = 0;
		this.#tail = items.length;
	}
}
