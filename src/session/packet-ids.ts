const LAST_ID = 65_535;

/** Hands out packet identifiers: 1 to 65,535, in order, wrapping, never one that is in use (MQTT 5 section 2.2.1). */
export class PacketIds {
	readonly #used = new Set<number>();
	#previous: number;

	/** `previous`: the identifier after which to begin, for a session whose earlier identifiers are not known. */
	constructor(previous = 0) {
		this.#previous = previous;
	}

	/** How many are in use. */
	get size(): number {
		return this.#used.size;
	}

	has(packetId: number): boolean {
		return this.#used.has(packetId);
	}

	/** A free identifier, in use from now on; undefined when all 65,535 are. */
	take(): number | undefined {
		if (this.#used.size === LAST_ID) return undefined;
		let candidate = this.#previous;
		do candidate = candidate === LAST_ID ? 1 : candidate + 1;
		while (this.#used.has(candidate));
		this.#previous = candidate;
		this.#used.add(candidate);
		return candidate;
	}

	/** Marks an identifier of a resumed session as in use. */
	restore(packetId: number): void {
		this.#used.add(packetId);
		this.#previous = Math.max(this.#previous, packetId);
	}

	/** Makes an identifier free again. */
	release(packetId: number): void {
		this.#used.delete(packetId);
	}
}
