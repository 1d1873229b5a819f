import type { PublishChunk } from "./packets.ts";

/** The payload of a PUBLISH that is yielded as it arrives. */
export class PayloadStream {
	/** Bytes of the payload that have been yielded. */
	#offset = 0;
	/** Bytes of the payload that have not; 0 while none is streamed. */
	missing = 0;
	/** Length of what came before the payload. */
	#preamble = 0;

	/** Bytes of the packet that have been seen. */
	get seen(): number {
		return this.#preamble + this.#offset;
	}

	begin(preamble: number, length: number): void {
		this.#preamble = preamble;
		this.#offset = 0;
		this.missing = length;
	}

	/** The next piece: as much of the payload as `chunk` has from `at` on, which must be something. */
	take(chunk: Uint8Array, at: number): PublishChunk {
		const bytes = chunk.subarray(at, at + this.missing);
		const offset = this.#offset;
		this.#offset += bytes.length;
		this.missing -= bytes.length;
		return { cmd: "publishChunk", offset, bytes, end: this.missing === 0 };
	}
}
