/** Makes the event's bytes when its turn comes; undefined when there is nothing to tell any more. */
export type PendingEvent = () => Uint8Array | undefined;

/**
 * The machine's event loop: one event at a time, each after the turn before is over. Who posts decides at delivery what
 * to tell, so that many changes become one event, and the queue holds at most one event for each source.
 */
export class EventQueue {
	readonly #deliver: (event: Uint8Array) => Promise<void>;
	readonly #pending = new Set<PendingEvent>();
	#isRunning = false;
	#isClosed = false;

	/** `deliver` must not reject. */
	constructor(deliver: (event: Uint8Array) => Promise<void>) {
		this.#deliver = deliver;
	}

	/** Posting what is already waiting changes nothing. */
	post(event: PendingEvent): void {
		if (this.#isClosed) return;
		this.#pending.add(event);
		if (!this.#isRunning) void this.#run();
	}

	/** Nothing is delivered any more. */
	close(): void {
		this.#isClosed = true;
		this.#pending.clear();
	}

	async #run(): Promise<void> {
		this.#isRunning = true;
		for (const event of this.#pending) {
			this.#pending.delete(event);
			const bytes = event();
			if (bytes) await this.#deliver(bytes);
		}
		this.#isRunning = false;
	}
}
