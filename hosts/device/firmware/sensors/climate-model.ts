import type { Clock, Millis } from "../../../../src/ports/index.ts";
import type { Reading, Sensor } from "../sensor.ts";

const DAY: Millis = 24 * 3_600_000;
/** Of the slow wander around the day's course. */
const MEMORY: Millis = 10 * 60_000;
const MEAN = { temperature: 21, humidity: 48 } as const;
const DAILY = { temperature: 2, humidity: -6 } as const;
const WANDER = { temperature: 0.6, humidity: 3 } as const;

/** A sensor for boards that have none: a living room, warmer and drier by day, with wandering weather and open windows. */
export default function openSensor(clock: Clock): Sensor {
	return new ClimateModel(clock, () => Math.random());
}

export class ClimateModel implements Sensor {
	readonly #clock: Clock;
	readonly #random: () => number;
	/** Where in its day the room begins. */
	readonly #phase: number;
	#temperature: number;
	#humidity: number;
	#last: Millis;

	/** `random` gives numbers in [0, 1). */
	constructor(clock: Clock, random: () => number) {
		this.#clock = clock;
		this.#random = random;
		this.#phase = random();
		this.#temperature = this.#gauss();
		this.#humidity = this.#gauss();
		this.#last = clock.now();
	}

	read(): Reading {
		const now = this.#clock.now();
		this.#wander(now - this.#last);
		this.#last = now;
		const course = Math.sin(2 * Math.PI * (this.#phase + now / DAY));
		const humidity = MEAN.humidity + DAILY.humidity * course + WANDER.humidity * this.#humidity;
		return {
			temperature: MEAN.temperature + DAILY.temperature * course + WANDER.temperature * this.#temperature,
			humidity: Math.min(100, Math.max(0, humidity)),
		};
	}

	/** Ornstein–Uhlenbeck steps: normally distributed, and the more like before, the less time has passed. */
	#wander(passed: Millis): void {
		const kept = Math.exp(-passed / MEMORY);
		const fresh = Math.sqrt(1 - kept * kept);
		this.#temperature = kept * this.#temperature + fresh * this.#gauss();
		this.#humidity = kept * this.#humidity + fresh * this.#gauss();
	}

	/** Roughly normal, mean 0, variance 1. */
	#gauss(): number {
		let sum = 0;
		for (let term = 0; term < 12; term++) sum += this.#random();
		return sum - 6;
	}
}
