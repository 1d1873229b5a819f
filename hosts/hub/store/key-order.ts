/** Whether one key comes before another. */
export type IsBefore = (first: Uint8Array, second: Uint8Array) => boolean;

/** The order of keys in the tree of rows. */
export const isLess: IsBefore = (first, second) => Buffer.compare(first, second) < 0;

/** Watches over the keys of a tree while one goes through it from left to right. */
export class KeyOrder {
	readonly #isBefore: IsBefore;
	/** The last key of a leaf. */
	#last: Uint8Array | undefined;
	/** What the keys to come may not be less than. */
	#least: Uint8Array | undefined;

	constructor(isBefore: IsBefore) {
		this.#isBefore = isBefore;
	}

	/** A branch separates what was passed from what is to come. False: it does not. */
	separate(key: Uint8Array): boolean {
		this.#least = key;
		return this.#last === undefined || this.#isBefore(this.#last, key);
	}

	/** A leaf has this key. False: it should be elsewhere. */
	pass(key: Uint8Array): boolean {
		const isInOrder =
			key.length > 0 &&
			(this.#last === undefined || this.#isBefore(this.#last, key)) &&
			(this.#least === undefined || !this.#isBefore(key, this.#least));
		this.#last = key;
		return isInOrder;
	}
}
