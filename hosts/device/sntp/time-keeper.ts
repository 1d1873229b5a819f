import type { Log, Millis, Seconds } from "../../../src/ports/index.ts";
import type { WallClockService } from "../platform.ts";
import { type SntpOptions, SntpQuery, type SntpResult } from "./sntp-client.ts";

/** A crystal that is off by 50 ppm loses 4 s in that time. */
const TRUSTED_FOR: Millis = 24 * 3_600_000;

export interface TimeKeeperOptions extends SntpOptions {
	readonly time: WallClockService;
	readonly log: Log;
}

/** Sets the machine's clock (`Date`) by SNTP. A clock that shows a time before `earliest` was never set. */
export class TimeKeeper {
	readonly #options: TimeKeeperOptions;
	#query: SntpQuery | undefined;
	#waiting: ((failure: string | undefined) => void)[] = [];
	#setAt: Millis | undefined;

	constructor(options: TimeKeeperOptions) {
		this.#options = options;
	}

	/** Whether the clock can be believed. It may still be asked for again: see `set`. */
	get isSet(): boolean {
		return Date.now() / 1_000 >= this.#options.earliest;
	}

	/**
	 * Calls back when the clock is set, or with the reason why it is not; never synchronously. A clock that is right already,
	 * since deep sleep or an earlier call, is not waited for: it is set again beside, once a day.
	 */
	set(done: (failure: string | undefined) => void): void {
		const { clock } = this.#options;
		if (this.isSet) clock.setTimer(() => done(undefined), 0);
		else this.#waiting.push(done);
		if (this.#query === undefined && !this.isFresh) {
			this.#query = new SntpQuery(this.#options, (result) => this.answered(result));
		}
	}

	private get isFresh(): boolean {
		return this.isSet && this.#setAt !== undefined && this.#options.clock.now() - this.#setAt < TRUSTED_FOR;
	}

	private answered(result: SntpResult): void {
		this.#query = undefined;
		const failure = "failure" in result ? result.failure : this.apply(result.time);
		if (failure !== undefined && this.isSet)
			this.#options.log.write("info", "clock not set again", { reason: failure });
		const waiting = this.#waiting;
		this.#waiting = [];
		for (const done of waiting) done(failure);
	}

	private apply(time: Seconds): string | undefined {
		const { time: machine, clock, log } = this.#options;
		machine.set(time);
		if (!this.isSet) return "the time is not known: the machine's clock cannot be set";
		this.#setAt = clock.now();
		log.write("info", "clock set", { time: new Date(time * 1_000).toISOString() });
		return undefined;
	}
}
