import type { PublishProperties } from "../codec/index.ts";
import type { BrokerAction, PublishedMessage } from "./actions.ts";
import { Fifo } from "./fifo.ts";

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

	/** Bytes that are held back, about. */
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

/** About what a message takes beside its texts and bytes. */
const OVERHEAD = 256;

function sizeOf({ topic, payload, properties }: PublishedMessage): number {
	return OVERHEAD + topic.length + payload.length + (properties === undefined ? 0 : sizeOfProperties(properties));
}

function sizeOfProperties({ correlationData, responseTopic, contentType, userProperties }: PublishProperties): number {
	let size = (correlationData?.length ?? 0) + (responseTopic?.length ?? 0) + (contentType?.length ?? 0);
	for (const [name, values] of Object.entries(userProperties ?? {})) {
		size += name.length;
		if (typeof values === "string") size += values.length;
		else for (const value of values) size += value.length;
	}
	return size;
}
