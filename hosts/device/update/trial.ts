import { decodeUtf8, encodeUtf8 } from "../../../src/codec/index.ts";
import type { Clock, Millis, Store, TimerHandle } from "../../../src/ports/index.ts";

/** A new firmware that is not online after so long is given up. */
const PATIENCE: Millis = 10 * 60_000;
const KEY = "trial";
/** Before the version of the firmware on trial: whether it was started. */
const FRESH = "0";
const STARTED = "1";

export interface TrialOptions {
	readonly store: Store;
	readonly clock: Clock;
	/** Of the running firmware. */
	readonly version: string;
	/** Makes the running firmware the one that is started from now on. */
	confirm(): void;
	/** Starts the firmware before this one. */
	restart(): void;
	/** The firmware before this one is running again, or what is on trial cannot be kept. */
	onFault(reason: string): void;
}

/**
 * A new firmware is on trial until it is online: the bootloader starts it once, and the one before it after that, unless it
 * was confirmed. So neither a crash nor a firmware that finds no broker makes somebody climb a ladder with a cable.
 */
export class Trial {
	readonly #options: TrialOptions;
	#timer: TimerHandle;
	#isConfirmed = false;

	constructor(options: TrialOptions) {
		this.#options = options;
	}

	/** The firmware of this version is about to be started for the first time. */
	begin(version: string): void {
		this.attempt(() => this.#options.store.set(KEY, encodeUtf8(FRESH + version)));
	}

	/** To be called once after the start. */
	start(): void {
		this.attempt(() => {
			const { store, version, onFault } = this.#options;
			const kept = store.get(KEY);
			if (kept === undefined) return;
			const [mark, tried] = [decodeUtf8(kept, 0, 1), decodeUtf8(kept, 1, kept.length)];
			if (tried === version && mark === FRESH) return this.wait();
			// Started a second time, it is on a board whose bootloader never goes back: there is nothing to wait for.
			store.delete(KEY);
			if (tried !== version) onFault(`version ${tried} was not online before the next start: ${version} is back`);
		});
	}

	/** The firmware is online: it works. */
	passed(): void {
		if (this.#isConfirmed) return;
		const { store, clock, confirm } = this.#options;
		this.#isConfirmed = true;
		clock.clearTimer(this.#timer);
		this.attempt(confirm);
		this.attempt(() => store.delete(KEY));
	}

	private wait(): void {
		const { store, clock, version, restart } = this.#options;
		// First, for it must come also where flash refuses.
		this.#timer = clock.setTimer(restart, PATIENCE);
		store.set(KEY, encodeUtf8(STARTED + version));
	}

	/** A store that refuses is no reason not to run. */
	private attempt(action: () => void): void {
		try {
			action();
		} catch (error) {
			this.#options.onFault(String(error));
		}
	}
}
