import type { Clock, Millis } from "../../src/ports/index.ts";
import type { TimerService, TimeService } from "./platform.ts";

/** The platform's timers take 31 bits; half of it also keeps `now` well inside one wrap of the ticks. */
const LONGEST_TIMER: Millis = 2 ** 30;

/** A clock that does not wrap, over ticks that do. */
export class DeviceClock implements Clock {
	readonly #time: TimeService;
	readonly #timer: TimerService;
	#ticks: number;
	#elapsed: Millis = 0;

	constructor(time: TimeService, timer: TimerService) {
		this.#time = time;
		this.#timer = timer;
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
		const timer: ClockTimer = { platform: undefined };
		this.arm(timer, callback, this.now() + delay);
		return timer;
	}

	/** A timer that has fired, or none at all, is no error. */
	clearTimer(handle: unknown): void {
		const timer = handle as ClockTimer | undefined;
		if (!timer?.platform) return;
		this.#timer.clear(timer.platform);
		timer.platform = undefined;
	}

	private arm(timer: ClockTimer, callback: () => void, due: Millis): void {
		// Rounded up: the platform cuts fractions off, and a timer must not be early.
		const wait = Math.max(0, Math.ceil(due - this.now()));
		timer.platform = this.#timer.set(() => this.fire(timer, callback, due), Math.min(wait, LONGEST_TIMER));
	}

	private fire(timer: ClockTimer, callback: () => void, due: Millis): void {
		timer.platform = undefined;
		if (this.now() < due) this.arm(timer, callback, due);
		else callback();
	}
}

/** `platform` is set while the timer runs. */
interface ClockTimer {
	platform: object | undefined;
}
