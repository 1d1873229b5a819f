/**
 * Packet ids of incoming QoS 2 messages that the sender has not released: what makes delivery exactly once
 * (MQTT 5 section 4.3.3). The limit is the Receive Maximum that the peer was given.
 */
export class ReceivedIds {
	readonly #unreleased = new Set<number>();
	/** How many may be unreleased at a time. */
	limit: number;

	constructor(limit: number) {
		this.limit = limit;
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
		if (this.#unreleased.size >= this.limit) return "over";
		this.#unreleased.add(packetId);
		return "first";
	}

	/** Whether a PUBLISH with this id was noted and not released. */
	has(packetId: number): boolean {
		return this.#unreleased.has(packetId);
	}

	/** Notes ids of an earlier life of the session, whatever the limit. */
	restore(packetIds: Iterable<number>): void {
		for (const packetId of packetIds) this.#unreleased.add(packetId);
	}

	/** The session is lost: nothing waits for a PUBREL. */
	clear(): void {
		this.#unreleased.clear();
	}

	/** Notes a PUBREL. False: the id was not waiting. */
	release(packetId: number): boolean {
		return this.#unreleased.delete(packetId);
	}

	values(): IterableIterator<number> {
		return this.#unreleased.values();
	}
}
