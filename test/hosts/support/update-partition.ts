import { createHash } from "node:crypto";
import type { UpdateSupport } from "../../../hosts/device/platform.ts";

/** A board's partition for the firmware that is not running, and what was done to it. */
export class UpdatePartition implements UpdateSupport {
	written = Buffer.alloc(0);
	bootsNew = false;
	isOpen = false;
	/** How often it was opened, and so erased. */
	opened = 0;
	fails: "open" | "write" | "complete" | undefined;
	readonly #size: number;

	/** `size`: of the one image that it is opened for. Throws when it is opened for another. */
	constructor(size: number) {
		this.#size = size;
	}

	open(size: number) {
		this.#maybe("open");
		if (size !== this.#size) throw new Error(`opened for ${size} bytes`);
		this.isOpen = true;
		this.opened++;
		this.written = Buffer.alloc(0);
		this.bootsNew = false;
		return {
			write: (bytes: Uint8Array) => {
				this.#maybe("write");
				this.written = Buffer.concat([this.written, bytes]);
			},
			complete: () => {
				this.#maybe("complete");
				this.bootsNew = true;
			},
			close: () => {
				this.isOpen = false;
			},
		};
	}

	digest() {
		const hash = createHash("sha256");
		return {
			write: (bytes: Uint8Array) => void hash.update(bytes),
			close: (): ArrayBuffer => Uint8Array.from(hash.digest()).buffer,
		};
	}

	confirm(): void {
		// The firmware of these tests is the one that the bootloader starts.
	}

	#maybe(what: "open" | "write" | "complete"): void {
		if (this.fails === what) throw new Error("flash says no");
	}
}
