import { TopicTree } from "../topic/index.ts";
import type { Message } from "./message.ts";

/** What one level of one topic takes in memory on Node, roughly. */
const NODE_BYTES = 250;

/** The retained message of each topic (MQTT 5 section 3.3.1.3). */
export class RetainedMessages {
	readonly #tree = new TopicTree<Message>();
	#bytes = 0;

	get size(): number {
		return this.#tree.size;
	}

	/** Bytes of topics and payloads. */
	get bytes(): number {
		return this.#bytes;
	}

	/** Bytes that the index takes, roughly: a topic of many levels costs far more than its text. */
	get indexBytes(): number {
		return this.#tree.nodes * NODE_BYTES;
	}

	get(topic: string): Message | undefined {
		return this.#tree.get(topic);
	}

	/** Keeps the message as its topic's. Returns the one that it replaces. */
	set(message: Message): Message | undefined {
		const previous = this.#tree.get(message.topic);
		this.#forget(previous);
		message.current = true;
		this.#bytes += message.size;
		this.#tree.set(message.topic, message);
		return previous;
	}

	/** Returns the message that was removed. */
	delete(topic: string): Message | undefined {
		const previous = this.#tree.get(topic);
		this.#forget(previous);
		if (previous !== undefined) this.#tree.delete(topic);
		return previous;
	}

	/** The retained messages of the topics that a filter (without `$share`) matches. */
	match(filter: string): Message[] {
		const found: Message[] = [];
		this.#tree.match(filter, (message) => found.push(message));
		return found;
	}

	#forget(message: Message | undefined): void {
		if (message === undefined) return;
		message.current = false;
		this.#bytes -= message.size;
	}
}
