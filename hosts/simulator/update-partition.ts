/** Of an ESP32 with 4 MB of flash and two partitions for firmware. */
const PARTITION_SIZE = 1_900_544;

/** The partition for firmware that is not running, and what the bootloader starts next. */
export class UpdatePartition {
	#image: Uint8Array | undefined;
	#pieces: Uint8Array[] | undefined;

	/** What is started at the next power on or restart; undefined: what was flashed by cable. */
	get image(): Uint8Array | undefined {
		return this.#image;
	}

	/** Throws what the device throws. Erases what an earlier attempt left. */
	open(size: number): void {
		if (size > PARTITION_SIZE) throw new Error("invalid byteLength");
		this.#pieces = [];
	}

	write(bytes: Uint8Array): void {
		if (this.#pieces === undefined) throw new Error("already complete");
		this.#pieces.push(Uint8Array.from(bytes));
	}

	complete(): void {
		if (this.#pieces === undefined) throw new Error("already complete");
		this.#image = Buffer.concat(this.#pieces);
		this.#pieces = undefined;
	}

	close(): void {
		this.#pieces = undefined;
	}
}
