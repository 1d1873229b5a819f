import type { ClientError } from "../client/index.ts";

/** Something to publish, retained. The payload is made when its turn comes: the newest state, and no more than one at a time in memory. */
export interface Announcement {
	readonly topic: string;
	readonly payload: () => string | Uint8Array | undefined;
}

type Publish = (topic: string, payload: string | Uint8Array, done: (error: ClientError | undefined) => void) => void;

/** Messages under way at a time: what an announcement of any length takes of the outbox, and of a turn. */
const WINDOW = 4;

/** Publishes a list of messages in slices: the next one when an earlier one is acknowledged. */
export class Announcer {
	readonly #publish: Publish;
	readonly #failed: (topic: string, error: ClientError) => void;
	#queue: readonly Announcement[] = [];
	#next = 0;
	#underWay = 0;
	/** Tells the acknowledgements of this announcement from those of an earlier one. */
	#round = 0;

	constructor(publish: Publish, failed: (topic: string, error: ClientError) => void) {
		this.#publish = publish;
		this.#failed = failed;
	}

	/** Begins anew with these, in order; what an earlier call had left is dropped. */
	announce(queue: readonly Announcement[]): void {
		this.#queue = queue;
		this.#next = 0;
		this.#underWay = 0;
		this.#round++;
		this.fill();
	}

	/** Publishes nothing more until the next announcement. */
	stop(): void {
		this.announce([]);
	}

	private fill(): void {
		while (this.#underWay < WINDOW && this.#next < this.#queue.length) {
			const item = this.#queue[this.#next++];
			const payload = item?.payload();
			if (item !== undefined && payload !== undefined) this.send(item.topic, payload);
		}
	}

	private send(topic: string, payload: string | Uint8Array): void {
		const round = this.#round;
		this.#underWay++;
		this.#publish(topic, payload, (error) => {
			if (round !== this.#round) return;
			this.#underWay--;
			if (error !== undefined) this.#failed(topic, error);
			this.fill();
		});
	}
}
