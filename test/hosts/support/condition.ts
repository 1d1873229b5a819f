/** Something that several may wait for, until each one's own condition holds. */
export class Condition {
	#waiting: (() => void)[] = [];

	/** Whoever waits looks again. */
	notify(): void {
		for (const look of this.#waiting.splice(0)) look();
	}

	/** Resolves with the first result of `find` that is not undefined. Rejects with what `find` throws. */
	async until<T>(find: () => T | undefined): Promise<T> {
		for (;;) {
			const found = find();
			if (found !== undefined) return found;
			await new Promise<void>((resolve) => this.#waiting.push(resolve));
		}
	}
}
