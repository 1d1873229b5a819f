import type { Millis, Seconds } from "../../src/ports/index.ts";

/** Something that happens to all open connections of a device, by chance: every `every` seconds, with this probability. */
export interface Chance {
	/** 0 to 1. */
	readonly probability: number;
	readonly every: Seconds;
}

/** A connection that goes silent: nothing gets through in either direction, and nobody is told. */
export interface Stall extends Chance {
	readonly duration: Seconds;
}

/** What the simulated network does to connections. Times are those of the real world. */
export interface Faults {
	/** Connections are reset. */
	readonly drop?: Chance | undefined;
	readonly stall?: Stall | undefined;
	/** Everything takes this long to get through, each way. */
	readonly latency?: Millis | undefined;
}

/** Throws the dice for faults that come by chance. */
export class FaultInjector {
	readonly #timers: NodeJS.Timeout[] = [];

	start(faults: Faults, random: () => number, target: { drop(): void; stall(duration: Millis): void }): void {
		const { drop, stall } = faults;
		if (drop) this.#every(drop, random, () => target.drop());
		if (stall) this.#every(stall, random, () => target.stall(stall.duration * 1_000));
	}

	stop(): void {
		for (const timer of this.#timers.splice(0)) clearInterval(timer);
	}

	#every(chance: Chance, random: () => number, happen: () => void): void {
		this.#timers.push(
			setInterval(() => {
				if (random() < chance.probability) happen();
			}, chance.every * 1_000),
		);
	}
}
