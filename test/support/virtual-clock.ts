import type { Clock, Millis, TimerHandle } from "../../src/ports/index.ts";

interface Timer {
	readonly at: Millis;
	readonly order: number;
	readonly callback: () => void;
}

/** Time that passes when a test says so. Timers fire in the order of their times. */
export class VirtualClock implements Clock {
	#now: Millis;
	#order = 0;
	readonly #timers = new Set<Timer>();

	/** `origin`: the host alone knows it; nothing may depend on it. */
	constructor(origin: Millis = 1_000_000) {
		this.#now = origin;
	}

	/** Timers that are armed. */
	get armed(): number {
		return this.#timers.size;
	}

	now(): Millis {
		return this.#now;
	}

	setTimer(callback: () => void, delay: Millis): TimerHandle {
		const timer: Timer = { at: this.#now + Math.max(0, delay), order: this.#order++, callback };
		this.#timers.add(timer);
		return timer;
	}

	clearTimer(handle: TimerHandle): void {
		this.#timers.delete(handle as Timer);
	}

	/** When the next timer fires, or undefined. */
	get next(): Millis | undefined {
		return this.#first()?.at;
	}

	/** Lets the next timer fire, and none that it arms. */
	fireNext(): void {
		const timer = this.#first();
		if (timer === undefined) throw new Error("No timer is armed.");
		this.#now = Math.max(this.#now, timer.at);
		this.#timers.delete(timer);
		timer.callback();
	}

	/** Lets `duration` ms pass, firing what is due. A timer that is armed for now again and again is a fault. */
	advance(duration: Millis): void {
		const end = this.#now + duration;
		let spins = 0;
		for (let timer = this.#first(); timer !== undefined && timer.at <= end; timer = this.#first()) {
			spins = timer.at > this.#now ? 0 : spins + 1;
			if (spins > 10_000) throw new Error("A timer is armed for the present without end.");
			this.#now = Math.max(this.#now, timer.at);
			this.#timers.delete(timer);
			timer.callback();
		}
		this.#now = end;
	}

	#first(): Timer | undefined {
		let first: Timer | undefined;
		for (const timer of this.#timers) {
			if (first === undefined || timer.at < first.at || (timer.at === first.at && timer.order < first.order))
				first = timer;
		}
		return first;
	}
}
