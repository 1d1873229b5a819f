const COMPACT_AT = 64;

/** A first-in, first-out list in one array: what Array.shift does, without moving the rest each time. */
export class Fifo<T> {
	#items: (T | undefined)[] = [];
	#head = 0;

	get size(): number {
		return this.#items.length - this.#head;
	}

	/** The oldest item, which stays. */
	get first(): T | undefined {
		return this.#items[this.#head];
	}

	push(item: T): void {
		this.#items.push(item);
	}

	/** Takes the oldest item out. */
	shift(): T | undefined {
		const item = this.#items[this.#head];
		if (this.#head === this.#items.length) return undefined;
		this.#items[this.#head++] = undefined;
		if (this.#head === this.#items.length) this.clear();
		else if (this.#head >= COMPACT_AT && this.#head * 2 >= this.#items.length) this.#compact();
		return item;
	}

	/** Takes out every item that `matches`, oldest first. */
	takeAll(matches: (item: T) => boolean): T[] {
		const taken: T[] = [];
		const kept: T[] = [];
		for (const item of this) (matches(item) ? taken : kept).push(item);
		this.#items = kept;
		this.#head = 0;
		return taken;
	}

	clear(): void {
		this.#items = [];
		this.#head = 0;
	}

	*[Symbol.iterator](): IterableIterator<T> {
		for (let index = this.#head; index < this.#items.length; index++) yield this.#items[index] as T;
	}

	#compact(): void {
		this.#items = this.#items.slice(this.#head);
		this.#head = 0;
	}
}
