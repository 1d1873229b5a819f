import { createHmac } from "node:crypto";

interface Place<T> {
	readonly at: number;
	readonly item: T;
}

/**
 * Chooses somebody whom a name that nobody has is taken for. Always the same one for the same name as long as that one is
 * there, whoever else comes and goes (consistent hashing): what changes with each change of the users is nobody's.
 */
export class Likeness<T> {
	readonly #secret: Buffer;
	/** In the order of their places. */
	readonly #places: readonly Place<T>[];

	/** `secret`: without it nobody can tell who is taken for whom. `items` by name. */
	constructor(secret: Buffer, items: Iterable<readonly [name: string, item: T]>) {
		this.#secret = secret;
		this.#places = [...items].map(([name, item]) => ({ at: this.#placeOf(name), item })).sort((a, b) => a.at - b.at);
	}

	/** Undefined: there is nobody. */
	of(name: string): T | undefined {
		const at = this.#placeOf(name);
		let [low, high] = [0, this.#places.length];
		while (low < high) {
			const middle = (low + high) >>> 1;
			if ((this.#places[middle]?.at ?? 0) < at) low = middle + 1;
			else high = middle;
		}
		return (this.#places[low] ?? this.#places[0])?.item;
	}

	#placeOf(name: string): number {
		return createHmac("sha256", this.#secret).update(name).digest().readUIntBE(0, 6);
	}
}
