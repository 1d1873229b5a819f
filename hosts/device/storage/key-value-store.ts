import { type Store, StoreError } from "../../../src/ports/index.ts";
import type { KeyValueDomain } from "../platform.ts";

/** Keys of one hash that can be kept: with hashes of 32 bits, two keys of a device hardly ever meet. */
const PLACES_PER_HASH = 2;

/**
 * The Store port over ECMA-419 key-value storage. The ESP32's flash takes names of 15 characters at most, so an entry's
 * name is a hash of the key, and the key itself stands before the value: one byte of length, the key, the value.
 */
export class KeyValueStore implements Store {
	readonly #domain: KeyValueDomain;

	constructor(domain: KeyValueDomain) {
		this.#domain = domain;
	}

	get(key: string): Uint8Array | undefined {
		return this.find(key).value;
	}

	set(key: string, value: Uint8Array): void {
		const entry = new Uint8Array(1 + key.length + value.length);
		entry[0] = key.length;
		for (let at = 0; at < key.length; at++) entry[1 + at] = key.charCodeAt(at);
		entry.set(value, 1 + key.length);
		attempt("write", key, () => this.#domain.write(this.find(key).name, entry));
	}

	delete(key: string): void {
		const { name, value } = this.find(key);
		if (value) attempt("delete", key, () => this.#domain.delete(name));
	}

	keys(prefix: string): readonly string[] {
		const found: string[] = [];
		for (const name of names(this.#domain)) {
			const key = keyOf(this.read(name));
			if (key?.startsWith(prefix)) found.push(key);
		}
		return found.sort();
	}

	/** Where `key` is, or would go. */
	private find(key: string): { readonly name: string; readonly value?: Uint8Array } {
		const hash = fnv1a(key);
		let free: string | undefined;
		for (let place = 0; place < PLACES_PER_HASH; place++) {
			const name = `${hash}.${place}`;
			const entry = this.read(name);
			if (!entry) free ??= name;
			else if (keyOf(entry) === key) return { name, value: entry.subarray(1 + key.length) };
		}
		if (free) return { name: free };
		throw new StoreError(
			`key-value storage: no place for ${JSON.stringify(key)}: ${PLACES_PER_HASH} others share its hash`,
		);
	}

	private read(name: string): Uint8Array | undefined {
		const entry = attempt("read", name, () => this.#domain.read(name));
		return entry === undefined ? undefined : new Uint8Array(entry as ArrayBuffer);
	}
}

/** All of them at once: a flash iterator does not survive that something is written. */
function names(domain: KeyValueDomain): string[] {
	return attempt("list", "", () => [...domain]);
}

/** The key that an entry carries; undefined for an entry that is not ours. */
function keyOf(entry: Uint8Array | undefined): string | undefined {
	const length = entry?.[0] ?? 0;
	if (!entry || length === 0 || entry.length < 1 + length) return undefined;
	let key = "";
	for (let at = 1; at <= length; at++) key += String.fromCharCode(entry[at] ?? 0);
	return key;
}

/** FNV-1a of 32 bits, in eight characters. */
function fnv1a(text: string): string {
	let hash = 0x811c9dc5;
	for (let at = 0; at < text.length; at++) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
	return (hash >>> 0).toString(16).padStart(8, "0");
}

function attempt<T>(what: string, key: string, action: () => T): T {
	try {
		return action();
	} catch (cause) {
		throw new StoreError(`key-value storage: cannot ${what} ${JSON.stringify(key)}: ${String(cause)}`, { cause });
	}
}
