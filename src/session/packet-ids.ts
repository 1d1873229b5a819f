const LAST_ID = 65_535;

/**
 * The packet identifiers in use, to be deleted when they are free again. Hands out 1 to 65,535, in order, wrapping, never
 * one that is in use (MQTT 5 section 2.2.1).
 */
export class PacketIds extends Set<number> {
	#previous: number;

	/** `previous`: the identifier after which to begin, for a session whose earlier identifiers are not known. */
	constructor(previous = 0) {
		super();
		this.#previous = previous;
	}

	/** A free identifier, in use from now on; undefined when all 65,535 are. */
	take(): number | undefined {
		if (this.size === LAST_ID) return undefined;
		let candidate = this.#previous;
		do candidate = candidate === LAST_ID ? 1 : candidate + 1;
		while (this.has(candidate));
		this.#previous = candidate;
		this.add(candidate);
		return candidate;
	}

	/** Marks an identifier of a resumed session as in use. */
	restore(packetId: number): void {
		this.add(packetId);
		this.#previous = Math.max(this.#previous, packetId);
	}
}
