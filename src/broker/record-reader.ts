import { decodeUtf8 } from "../codec/index.ts";

/** A stored row cannot be read: the store is damaged, or another program wrote it. */
export class RecordError extends Error {
	override name = "RecordError";
}

/** Reads what RecordWriter wrote. Throws RecordError where the value ends too early. */
export class RecordReader {
	readonly #bytes: Uint8Array;
	readonly #view: DataView;
	#at = 0;

	constructor(bytes: Uint8Array) {
		this.#bytes = bytes;
		this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
	}

	byte(): number {
		return this.#view.getUint8(this.#take(1));
	}

	uint16(): number {
		return this.#view.getUint16(this.#take(2));
	}

	uint32(): number {
		return this.#view.getUint32(this.#take(4));
	}

	float64(): number {
		return this.#view.getFloat64(this.#take(8));
	}

	text(): string | undefined {
		if (this.byte() === 0) return undefined;
		const length = this.uint32();
		const start = this.#take(length);
		return decodeUtf8(this.#bytes, start, this.#at);
	}

	/** What is left, as a copy. */
	rest(): Uint8Array {
		const start = this.#take(this.#bytes.length - this.#at);
		return this.#bytes.slice(start);
	}

	#take(length: number): number {
		const start = this.#at;
		if (start + length > this.#bytes.length) throw new RecordError("A stored value is shorter than its fields.");
		this.#at = start + length;
		return start;
	}
}
