import type { Delivery } from "./delivery.ts";
import { Fifo } from "./fifo.ts";

/** Messages that wait for one client: those that may be lost (QoS 0) and those that may not, each in order. */
export class Queue {
	readonly #lossy = new Fifo<Delivery>();
	readonly #reliable = new Fifo<Delivery>();
	/** Bytes of topics and payloads. */
	bytes = 0;

	get size(): number {
		return this.#lossy.size + this.#reliable.size;
	}

	/** How many QoS 0 messages wait. */
	get lossy(): number {
		return this.#lossy.size;
	}

	/** How many QoS 1 and 2 messages wait. */
	get reliable(): number {
		return this.#reliable.size;
	}

	push(delivery: Delivery): void {
		(delivery.qos === 0 ? this.#lossy : this.#reliable).push(delivery);
		this.bytes += delivery.message.size;
	}

	/** Takes the oldest message that may be sent: those of QoS 1 and 2 only while the window is open. */
	shift(windowOpen: boolean): Delivery | undefined {
		const lossy = this.#lossy.first;
		const reliable = windowOpen ? this.#reliable.first : undefined;
		if (lossy === undefined && reliable === undefined) return undefined;
		const lossyFirst = reliable === undefined || (lossy !== undefined && lossy.sequence < reliable.sequence);
		return this.#taken((lossyFirst ? this.#lossy : this.#reliable).shift());
	}

	/** Takes out what is given up first when the queue is full: the oldest of QoS 0, else the oldest. */
	shed(): Delivery | undefined {
		return this.#taken(this.#lossy.shift() ?? this.#reliable.shift());
	}

	/** Takes out the QoS 0 messages, which a session does not keep. */
	takeLossy(): Delivery[] {
		const taken = [...this.#lossy.values()];
		for (const delivery of taken) this.#taken(delivery);
		this.#lossy.clear();
		return taken;
	}

	/** Takes out every QoS 1 and 2 message that `matches`. */
	takeReliable(matches: (delivery: Delivery) => boolean): Delivery[] {
		const taken = this.#reliable.extract(matches);
		for (const delivery of taken) this.#taken(delivery);
		return taken;
	}

	/** Every message: those of QoS 0, then the others. */
	*[Symbol.iterator](): IterableIterator<Delivery> {
		yield* this.#lossy.values();
		yield* this.#reliable.values();
	}

	#taken(delivery: Delivery | undefined): Delivery | undefined {
		if (delivery !== undefined) this.bytes -= delivery.message.size;
		return delivery;
	}
}
