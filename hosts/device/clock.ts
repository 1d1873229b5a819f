import type { Clock, Millis } from "../../src/ports/index.ts";
import type { TimerService, TimeService } from "./platform.ts";

/** The platform's timers take 31 bits; half of it also keeps `now` well inside one wrap of the ticks. */
const LONGEST_TIMER: Millis = 2 ** 30;

/** A clock that does not wrap, over ticks that do. */
export class DeviceClock implements Clock {
	readonly #time: TimeService;
	readonly service: TimerService;
	#ticks: number;
	#elapsed: Millis = 0;

	constructor(time: TimeService, timer: TimerService) {
		this.#time = time;
		this.service = timer;
		this.#ticks = time.ticks;
	}

	/** Milliseconds since this clock was made. Right as long as it is asked, or a timer is set, once in 24 days. */
	now(): Millis {
		const ticks = this.#time.ticks;
		const passed = this.#time.delta(this.#ticks, ticks);
		this.#ticks = ticks;
		// On a desktop the ticks follow the wall clock, which somebody may set back: time then stands still for once.
		if (passed > 0) this.#elapsed += passed;
		return this.#elapsed;
	}

	setTimer(callback: () => void, delay: Millis): ClockTimer {
		return new ClockTimer(this, callback, this.now() + delay);
	}

	/** A timer that has fired, or none at all, is no error. */
	clearTimer(handle: unknown): void {
		(handle as ClockTimer | undefined)?.clear();
	}
}

/** One timer, of any length. */
class ClockTimer {
	readonly #clock: DeviceClock;
	readonly #callback: () => void;
	readonly #due: Millis;
	/** The platform's, while it runs. */
	#platform: object | undefined;

	constructor(clock: DeviceClock, callback: () => void, due: Millis) {
		this.#clock = clock;
		this.#callback = callback;
		this.#due = due;
		this.arm();
	}

	clear(): void {
		if (this.#platform === undefined) return;
		this.#clock.service.clear(this.#platform);
		this.#platform = undefined;
	}

	private arm(): void {
		// Rounded up: the platform cuts fractions off, and a timer must not be early.
		const wait = Math.max(0, Math.ceil(this.#due - this.#clock.now()));
		this.#platform = this.#clock.service.set(() => this.fire(), Math.min(wait, LONGEST_TIMER));
	}

	private fire(): void {
		this.#platform = undefined;
		return this.#clock.now() < this.#due ? this.arm() : this.#callback();
	}
}
