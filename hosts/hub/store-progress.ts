import type { Millis } from "../../src/ports/index.ts";
import { now } from "./clock.ts";

/** What takes longer than this is worth a word. */
const SLOW: Millis = 500;
/** Between two words. */
const PAUSE: Millis = 100;
/** Back to the start of the line, and empties it (ECMA-48). */
const CLEAR = "\r\u001b[K";

/** Says on a terminal how far a store that takes its time has been loaded. */
export class StoreProgress {
	readonly #write: (text: string) => void;
	#nextAt: Millis = now() + SLOW;
	#isShown = false;

	/** `write`: to the terminal. */
	constructor(write: (text: string) => void) {
		this.#write = write;
	}

	/** `loaded` rows of `total` are read. */
	show(loaded: number, total: number): void {
		if (loaded === total) return this.#clear();
		if (now() < this.#nextAt) return;
		this.#nextAt = now() + PAUSE;
		this.#isShown = true;
		const percent = Math.floor((100 * loaded) / total);
		this.#write(`${CLEAR}reading the store: ${percent} % of ${total.toLocaleString("en-US")} rows`);
	}

	#clear(): void {
		if (this.#isShown) this.#write(CLEAR);
		this.#isShown = false;
	}
}
