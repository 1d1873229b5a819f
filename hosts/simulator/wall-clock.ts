/** The machine's clock, in ms since 1970: at power on nobody has set it. It survives restarts. */
export class WallClock {
	readonly #speed: number;
	#since = performance.now();
	#base = 0;

	/** `speed`: how many seconds pass for the machine in one of ours. */
	constructor(speed: number) {
		this.#speed = speed;
	}

	get now(): number {
		return Math.floor(this.#base + (performance.now() - this.#since) * this.#speed);
	}

	set(seconds: number): void {
		this.#base = seconds * 1_000;
		this.#since = performance.now();
	}
}
