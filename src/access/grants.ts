import { FilterTrie } from "../topic/index.ts";

/** Rights to a topic, as bits. */
export const READ = 1;
export const WRITE = 2;
export const DENY = 4;

/** Filters, each with rights to the topics that it matches. */
export class Grants {
	readonly #filters = new FilterTrie<number>();

	get size(): number {
		return this.#filters.size;
	}

	/** Adds rights to those that the filter has. The filter must be valid and without `$share`. */
	add(filter: string, rights: number): void {
		this.#filters.set(filter, (this.#filters.get(filter) ?? 0) | rights);
	}

	/** The rights of all filters that match the topic, together. */
	of(topic: string): number {
		let all = 0;
		this.#filters.match(topic, (rights) => {
			all |= rights;
		});
		return all;
	}
}
