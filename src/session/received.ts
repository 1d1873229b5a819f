/**
 * Packet ids of incoming QoS 2 messages that the sender has not released: what makes delivery exactly once
 * (MQTT 5 section 4.3.3). The limit is the Receive Maximum that the peer was given.
 */
export class ReceivedIds {
	readonly #unreleased = new Set<number>();
	readonly #limit: number;

	constructor(limit: number) {
		this.#limit = limit;
	}

	get size(): number {
		return this.#unreleased.size;
	}

	/**
	 * Notes a PUBLISH. `first`: deliver it. `repeat`: it was delivered before, only acknowledge it. `over`: the peer
	 * exceeded its Receive Maximum.
	 */
	receive(packetId: number): "first" | "repeat" | "over" {
		if (this.#unreleased.has(packetId)) return "repeat";
		if (this.#unreleased.size >= this.#limit) return "over";
		this.#unreleased.add(packetId);
		return "first";
	}

	/** Notes a PUBREL. False: the id was not waiting. */
	release(packetId: number): boolean {
		return this.#unreleased.delete(packetId);
	}

	values(): IterableIterator<number> {
		return this.#unreleased.values();
	}
}
