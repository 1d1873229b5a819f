/** Of an ESP32 with 4 MB of flash and two partitions for firmware. */
const PARTITION_SIZE = 1_900_544;

/** The partition for firmware that is not running, and what the bootloader starts next, with its rollback. */
export class UpdatePartition {
	/** Undefined: what was flashed by cable. */
	#image: Uint8Array | undefined;
	/** What was running when `#image` came. */
	#previous: Uint8Array | undefined;
	#state: "new" | "onTrial" | "confirmed" = "confirmed";
	#pieces: Uint8Array[] | undefined;

	/** Whether the running image was started for the first time, and not confirmed. */
	get isOnTrial(): boolean {
		return this.#state === "onTrial";
	}

	/** The image to start now; undefined: what was flashed by cable. One that was not confirmed is not started again. */
	boot(): Uint8Array | undefined {
		if (this.#state === "onTrial") this.#image = this.#previous;
		this.#state = this.#state === "new" ? "onTrial" : "confirmed";
		return this.#image;
	}

	confirm(): void {
		if (this.#state === "onTrial") this.#state = "confirmed";
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
		this.#previous = this.#image;
		this.#image = Buffer.concat(this.#pieces);
		this.#state = "new";
		this.#pieces = undefined;
	}

	close(): void {
		this.#pieces = undefined;
	}
}
