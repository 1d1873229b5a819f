import type { Millis } from "../../../src/ports/index.ts";
import { now } from "../clock.ts";
import { keyOf } from "./message-key.ts";

const WINDOW: Millis = 10_000;
/** Equal messages within the window: nobody sends so many, but a circle does. */
const MOST_EQUAL = 100;
/** Different messages in a window that are told apart. */
const CAPACITY = 10_000;

/** Stops what goes in circles over bridges of MQTT 3.x, whose messages cannot say where they have been: equal ones, without end. */
export class Repeats {
	#counts = new Map<string, number>();
	#until: Millis = 0;

	/** True: so many equal messages have come that this one must not go on. */
	isEndless(topic: string, payload: Uint8Array): boolean {
		if (now() >= this.#until) {
			this.#counts.clear();
			this.#until = now() + WINDOW;
		}
		const key = keyOf(topic, payload);
		const count = this.#counts.get(key) ?? 0;
		if (count === 0 && this.#counts.size >= CAPACITY) return false;
		this.#counts.set(key, count + 1);
		return count >= MOST_EQUAL;
	}
}
