import type { KeyValueDomain } from "../../platform.ts";

/** Key-value storage for platforms of the SDK that have none: it forgets when the power goes. */
class MemoryDomain implements KeyValueDomain {
	readonly #values = new Map<string, ArrayBuffer>();

	read(key: string): ArrayBuffer | undefined {
		return this.#values.get(key);
	}

	write(key: string, value: Uint8Array): void {
		this.#values.set(key, value.slice().buffer);
	}

	delete(key: string): void {
		this.#values.delete(key);
	}

	[Symbol.iterator](): Iterator<string> {
		return this.#values.keys();
	}
}

export default {
	open(): KeyValueDomain {
		return new MemoryDomain();
	},
};
