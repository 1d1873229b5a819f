import { createHmac, randomBytes } from "node:crypto";

/** Right and wrong are bounded apart, so that guessing does not push out those who proved themselves. */
const CAPACITY = 4_096;

/**
 * What was found about names and passwords. Holds neither: the key is an HMAC under a key that this process made up,
 * and a new cache has a new one.
 */
export class VerdictCache {
	readonly #secret = randomBytes(32);
	readonly #right = new Map<string, true>();
	readonly #wrong = new Map<string, true>();

	keyOf(username: string, password: Uint8Array): string {
		const name = Buffer.from(username);
		const length = Buffer.alloc(4);
		length.writeUInt32BE(name.length);
		return createHmac("sha256", this.#secret).update(length).update(name).update(password).digest("base64");
	}

	get(key: string): boolean | undefined {
		if (touch(this.#right, key)) return true;
		return touch(this.#wrong, key) ? false : undefined;
	}

	set(key: string, right: boolean): void {
		const verdicts = right ? this.#right : this.#wrong;
		if (verdicts.size >= CAPACITY) {
			for (const oldest of verdicts.keys()) {
				verdicts.delete(oldest);
				break;
			}
		}
		verdicts.set(key, true);
	}
}

/** Makes the key the newest. False: it is not there. */
function touch(verdicts: Map<string, true>, key: string): boolean {
	if (!verdicts.delete(key)) return false;
	verdicts.set(key, true);
	return true;
}
