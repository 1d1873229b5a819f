const SIZE = 8_192;

/**
 * Makes small copies that are not kept for long. They share blocks, which is much cheaper than a buffer each; the price is
 * that a copy keeps its block, of 8 KB, alive.
 */
export class Slab {
	#block = new Uint8Array(0);
	#used = 0;

	copy(bytes: Uint8Array): Uint8Array {
		const { length } = bytes;
		if (length > SIZE / 8) return bytes.slice();
		if (this.#used + length > this.#block.length) {
			this.#block = new Uint8Array(SIZE);
			this.#used = 0;
		}
		this.#block.set(bytes, this.#used);
		this.#used += length;
		return this.#block.subarray(this.#used - length, this.#used);
	}
}
