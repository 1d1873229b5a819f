/** A first-in, first-out queue. Taking from the front is O(1) amortised; an empty queue holds no memory. */
export class Fifo<T> {
	#items: T[] = [];
	#head = 0;

	get size(): number {
		return this.#items.length - this.#head;
	}

	/** The item that `shift` would take. */
	get first(): T | undefined {
		return this.#items[this.#head];
	}

	push(item: T): void {
		this.#items.push(item);
	}

	/** Puts items before all others, in their order. */
	unshift(items: readonly T[]): void {
		this.#items = [...items, ...this.#items.slice(this.#head)];
		this.#head = 0;
	}

	shift(): T | undefined {
		const items = this.#items;
		if (this.#head >= items.length) return undefined;
		const item = items[this.#head++];
		if (this.#head === items.length) this.clear();
		else if (this.#head >= 32 && this.#head * 2 >= items.length) this.#compact();
		return item;
	}

	/** Removes and returns, in order, every item for which `test` is true. */
	extract(test: (item: T) => boolean): T[] {
		const taken: T[] = [];
		const kept: T[] = [];
		for (const item of this.values()) (test(item) ? taken : kept).push(item);
		if (taken.length === 0) return taken;
		this.#items = kept;
		this.#head = 0;
		return taken;
	}

	clear(): void {
		this.#items.length = 0;
		this.#head = 0;
	}

	*values(): IterableIterator<T> {
		for (let index = this.#head; index < this.#items.length; index++) yield this.#items[index] as T;
	}

	#compact(): void {
		this.#items = this.#items.slice(this.#head);
		this.#head = 0;
	}
}
