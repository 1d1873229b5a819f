import { describe, expect, test } from "@jest/globals";
import { DeviceClock } from "../../hosts/device/index.ts";
import type { TimerService, TimeService } from "../../hosts/device/platform.ts";

/** A device's ticks and timers: 32 bits, signed; delays are cut to 31 bits and to whole milliseconds. */
class Platform implements TimerService, TimeService {
	readonly timers = new Map<object, { readonly due: number; readonly callback: () => void }>();
	readonly delays: number[] = [];
	#elapsed = 0;
	readonly #first: number;

	constructor(first = 0) {
		this.#first = first;
	}

	get ticks(): number {
		return (this.#first + this.#elapsed) | 0;
	}

	delta(start: number, end: number): number {
		return (end - start) | 0;
	}

	set(callback: () => void, delay: number): object {
		this.delays.push(delay);
		const timer = {};
		this.timers.set(timer, { due: this.#elapsed + (delay | 0), callback });
		return timer;
	}

	repeat(): object {
		throw new Error("not used");
	}

	clear(timer: object | undefined): void {
		if (timer) this.timers.delete(timer);
	}

	advance(duration: number): void {
		const end = this.#elapsed + duration;
		for (;;) {
			const [first] = [...this.timers].sort(([, a], [, b]) => a.due - b.due);
			if (!first || first[1].due > end) break;
			this.#elapsed = Math.max(this.#elapsed, first[1].due);
			this.timers.delete(first[0]);
			first[1].callback();
		}
		this.#elapsed = end;
	}
}

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

function onPlatform(first?: number): { platform: Platform; clock: DeviceClock } {
	const platform = new Platform(first);
	return { platform, clock: new DeviceClock(platform, platform) };
}

describe("the device's clock", () => {
	test.each([
		["to negative numbers, after 25 days", 2 ** 31 - 500],
		["to zero, after 50 days", -500],
	])("goes on when the ticks wrap %s", (_when, first) => {
		const { platform, clock } = onPlatform(first);
		platform.advance(400);
		expect(clock.now()).toBe(400);
		platform.advance(400);
		expect(clock.now()).toBe(800);
	});

	test("counts up over years, if it is asked once in 24 days", () => {
		const { platform, clock } = onPlatform();
		for (let day = 24; day <= 2_400; day += 24) {
			platform.advance(24 * DAY);
			expect(clock.now()).toBe(day * DAY);
		}
	});

	test("stands still when somebody sets a desktop's wall clock back, and then goes on", () => {
		let ticks = 1_000_000;
		const time = {
			get ticks() {
				return ticks;
			},
			delta: (start: number, end: number) => end - start,
		};
		const clock = new DeviceClock(time, new Platform());
		ticks += 300;
		expect(clock.now()).toBe(300);
		ticks -= HOUR;
		expect(clock.now()).toBe(300);
		ticks += 20;
		expect(clock.now()).toBe(320);
	});
});

describe("the device's timers", () => {
	test("fire once, not early, also for fractions of a millisecond", () => {
		const { platform, clock } = onPlatform();
		const fired: number[] = [];
		clock.setTimer(() => fired.push(clock.now()), 10.2);
		platform.advance(10);
		expect(fired).toEqual([]);
		platform.advance(1_000);
		expect(fired).toEqual([11]);
	});

	test("are not called back synchronously, also without delay", () => {
		const { platform, clock } = onPlatform();
		const fired: string[] = [];
		clock.setTimer(() => fired.push("timer"), 0);
		fired.push("after");
		platform.advance(0);
		expect(fired).toEqual(["after", "timer"]);
	});

	test("may be longer than the platform's, which hold 31 bits", () => {
		const { platform, clock } = onPlatform(2 ** 31 - 1);
		const fired: number[] = [];
		clock.setTimer(() => fired.push(clock.now()), 100 * DAY);
		platform.advance(100 * DAY - 1);
		expect(fired).toEqual([]);
		platform.advance(1);
		expect(fired).toEqual([100 * DAY]);
		expect(Math.max(...platform.delays)).toBeLessThan(2 ** 31);
	});

	test("can be cleared: before they fire, between two parts of a long one, after they fired, and twice", () => {
		const { platform, clock } = onPlatform();
		const fired: string[] = [];
		const early = clock.setTimer(() => fired.push("early"), 10);
		const long = clock.setTimer(() => fired.push("long"), 30 * DAY);
		const done = clock.setTimer(() => fired.push("done"), 5);
		platform.advance(5);
		clock.clearTimer(early);
		clock.clearTimer(early);
		clock.clearTimer(done);
		platform.advance(20 * DAY);
		clock.clearTimer(long);
		platform.advance(20 * DAY);
		expect(fired).toEqual(["done"]);
		expect(platform.timers.size).toBe(0);
	});
});
