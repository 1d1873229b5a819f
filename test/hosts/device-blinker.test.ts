import { beforeEach, describe, expect, test } from "@jest/globals";
import { Blinker } from "../../hosts/device/firmware/boards/blinker.ts";
import type { TimerService } from "../../hosts/device/platform.ts";
import { VirtualClock } from "../support/virtual-clock.ts";

/** As strict as the SDK's driver, which throws for a pin that is taken, and after `close`. */
class Pin {
	static takenBy: Pin | undefined;
	readonly written: number[] = [];

	constructor() {
		if (Pin.takenBy !== undefined) throw new Error("in use");
		Pin.takenBy = this;
	}

	write(value: number): void {
		if (Pin.takenBy !== this) throw new Error("closed");
		this.written.push(value);
	}

	close(): void {
		if (Pin.takenBy !== this) throw new Error("closed twice");
		Pin.takenBy = undefined;
	}
}

describe("a board's LED", () => {
	let clock: VirtualClock;
	let pins: Pin[];
	let blinker: Blinker;

	beforeEach(() => {
		Pin.takenBy = undefined;
		clock = new VirtualClock();
		pins = [];
		blinker = new Blinker(() => {
			const pin = new Pin();
			pins.push(pin);
			return pin;
		}, timersOf(clock));
	});

	test("blinks four times a second, ends dark, and frees its pin", () => {
		blinker.blink(1);
		clock.advance(1_000);
		expect(pins[0]?.written).toEqual([1, 0, 1, 0, 1, 0, 1, 0]);
		expect(Pin.takenBy).toBeUndefined();
		expect(clock.armed).toBe(0);
	});

	test("goes on when it is asked again meanwhile, for so long from then on", () => {
		blinker.blink(5);
		clock.advance(875);
		blinker.blink(1);
		clock.advance(875);
		expect(Pin.takenBy).toBe(pins[0]);
		clock.advance(125);
		expect(Pin.takenBy).toBeUndefined();
		expect([pins.length, pins[0]?.written.length, pins[0]?.written.at(-1)]).toEqual([1, 15, 0]);
	});

	test("blinks again later", () => {
		blinker.blink(1);
		clock.advance(2_000);
		blinker.blink(1);
		clock.advance(2_000);
		expect(pins.map(({ written }) => written.length)).toEqual([8, 8]);
	});

	test("whose pin somebody else has throws, and blinks once it is free", () => {
		const other = new Pin();
		expect(() => blinker.blink(1)).toThrow("in use");
		expect(clock.armed).toBe(0);
		other.close();
		blinker.blink(1);
		clock.advance(1_000);
		expect(pins[0]?.written.length).toBe(8);
	});
});

function timersOf(clock: VirtualClock): Pick<TimerService, "repeat" | "clear"> {
	const stopped = new Set<object>();
	return {
		repeat(callback, interval) {
			const timer = {};
			const next = () => {
				if (stopped.has(timer)) return;
				callback();
				if (!stopped.has(timer)) clock.setTimer(next, interval);
			};
			clock.setTimer(next, interval);
			return timer;
		},
		clear(timer) {
			if (timer) stopped.add(timer);
		},
	};
}
