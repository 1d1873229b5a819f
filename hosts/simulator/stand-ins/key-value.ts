import { call } from "./host.ts";
import { CALL } from "./wire.ts";

/** One domain, format "buffer". The host holds it, with the limits of the ESP32's flash storage. */
class Storage {
	readonly #path: string;

	constructor(path: string) {
		this.#path = path;
	}

	read(key: string): ArrayBuffer | undefined {
		const answer = call(CALL.STORAGE_READ, this.#path, key);
		return answer.number() === 1 ? answer.bytes().slice().buffer : undefined;
	}

	write(key: string, value: Uint8Array): void {
		call(CALL.STORAGE_WRITE, this.#path, key, value);
	}

	delete(key: string): void {
		call(CALL.STORAGE_DELETE, this.#path, key);
	}

	[Symbol.iterator](): Iterator<string> {
		const keys = JSON.parse(call(CALL.STORAGE_KEYS, this.#path).text()) as readonly string[];
		return keys[Symbol.iterator]();
	}
}

/** ECMA-419 key-value storage. */
export default {
	open(options: { readonly path: string }): Storage {
		return new Storage(options.path);
	},
};
