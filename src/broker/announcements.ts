import { Fifo } from "../session/index.ts";
import type { BrokerAction, PublishedMessage } from "./actions.ts";

interface Waiting {
	readonly batch: number;
	readonly message: PublishedMessage;
}

/** Messages that the host is told of, held back until they are as safe as their acknowledgements say. */
export class Announcements {
	/** Whether anybody wants to know: without that none are made. */
	isWanted = false;
	readonly #waiting = new Fifo<Waiting>();
	#bytes = 0;

	/** Bytes of topics and payloads that are held back. */
	get bytes(): number {
		return this.#bytes;
	}

	/** Holds a message back until the batch is durable. */
	hold(message: PublishedMessage, batch: number): void {
		this.#waiting.push({ batch, message });
		this.#bytes += sizeOf(message);
	}

	/** The next message that waited for no later batch than this one. */
	release(committed: number): BrokerAction | undefined {
		const { first } = this.#waiting;
		if (first === undefined || first.batch > committed) return undefined;
		this.#waiting.shift();
		this.#bytes -= sizeOf(first.message);
		return { kind: "published", message: first.message };
	}
}

function sizeOf({ topic, payload }: PublishedMessage): number {
	return topic.length + payload.length;
}
