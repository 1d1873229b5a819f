import type { EventQueue, PendingEvent } from "./event-queue.ts";
import { EVENT, message } from "./stand-ins/wire.ts";

const FIRST_TICK = 2 ** 31 - 10_000;

/** The machine's timers, and its ticks. */
export class Timers {
	readonly #events: EventQueue;
	readonly #speed: number;
	readonly #running = new Map<number, NodeJS.Timeout>();
	readonly #started = performance.now();

	/** `speed`: how many seconds pass for the machine in one of ours. */
	constructor(events: EventQueue, speed: number) {
		this.#events = events;
		this.#speed = speed;
	}

	/** Milliseconds, of 32 bits. They begin shortly before they wrap to negative numbers, so that every run comes by there. */
	get ticks(): number {
		return (FIRST_TICK + Math.floor((performance.now() - this.#started) * this.#speed)) >>> 0;
	}

	/** `repeat`: 0 for once. */
	set(id: number, delay: number, repeat: number): void {
		const event = () => message(EVENT.TIMER, id);
		this.#arm(id, delay, repeat, event);
	}

	#arm(id: number, delay: number, repeat: number, event: PendingEvent): void {
		const fire = () => {
			if (repeat > 0) this.#arm(id, repeat, repeat, event);
			else this.#running.delete(id);
			this.#events.post(event);
		};
		this.#running.set(id, setTimeout(fire, delay / this.#speed));
	}

	clear(id: number): void {
		clearTimeout(this.#running.get(id));
		this.#running.delete(id);
	}

	close(): void {
		for (const timer of this.#running.values()) clearTimeout(timer);
		this.#running.clear();
	}
}
