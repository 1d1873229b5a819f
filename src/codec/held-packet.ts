import { NOTHING } from "./nothing.ts";

/** Up to here, a buffer has its final size at once; beyond, it at most doubles what has arrived. */
const STEP = 4_096;

/** The beginning of a packet whose rest has not arrived. What a peer announces costs nothing: only what it sends does. */
export class HeldPacket {
	bytes: Uint8Array = NOTHING;
	/** How many bytes of the packet are there. */
	length = 0;

	/** Adds `source` from `start` to before `end`. `wanted` bytes of the packet are needed in all, no more will be added. */
	append(source: Uint8Array, start: number, end: number, wanted: number): void {
		const length = this.length + end - start;
		if (length > this.bytes.length) this.grow(Math.min(wanted, Math.max(2 * length, STEP)));
		this.bytes.set(source.subarray(start, end), this.length);
		this.length = length;
	}

	/** Forgets the packet. Views on its bytes stay as they are. */
	clear(): void {
		this.bytes = NOTHING;
		this.length = 0;
	}

	private grow(capacity: number): void {
		const bytes = new Uint8Array(capacity);
		bytes.set(this.bytes.subarray(0, this.length));
		this.bytes = bytes;
	}
}
