import type { Millis } from "../../../src/ports/index.ts";
import { now } from "../clock.ts";
import { keyOf } from "./message-key.ts";

const CAPACITY = 10_000;
/** After it, an equal message is one that somebody sent anew. */
const LIFETIME: Millis = 10_000;

/** Messages that a broker without No Local (before MQTT 5) will send back to who published them. */
export class Echoes {
	/** When each was published, and how many like it, in that order. */
	readonly #expected = new Map<string, { readonly at: Millis; readonly count: number }>();

	/** A message was published. */
	expect(topic: string, payload: Uint8Array): void {
		const key = keyOf(topic, payload);
		const count = (this.#expected.get(key)?.count ?? 0) + 1;
		this.#expected.delete(key);
		this.#expected.set(key, { at: now(), count });
		this.#forget();
	}

	/** True, once for each: the message that arrived is one of ours. */
	take(topic: string, payload: Uint8Array): boolean {
		this.#forget();
		if (this.#expected.size === 0) return false;
		const key = keyOf(topic, payload);
		const known = this.#expected.get(key);
		if (known === undefined) return false;
		if (known.count === 1) this.#expected.delete(key);
		else this.#expected.set(key, { ...known, count: known.count - 1 });
		return true;
	}

	/** What was published and waits is sent only now. */
	renew(): void {
		for (const [key, { count }] of this.#expected) this.#expected.set(key, { at: now(), count });
	}

	#forget(): void {
		const oldest = now() - LIFETIME;
		for (const [key, { at }] of this.#expected) {
			if (at > oldest && this.#expected.size <= CAPACITY) return;
			this.#expected.delete(key);
		}
	}
}
