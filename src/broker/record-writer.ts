import { encodeUtf8 } from "../codec/index.ts";

const BLOCK = 16_384;

/**
 * Writes stored values, field after field; numbers are big-endian. Values follow one another in blocks, because a buffer
 * for each would cost more than all the rest: a value keeps its block alive, until the store has it.
 */
export class RecordWriter {
	#bytes = new Uint8Array(0);
	#view = new DataView(this.#bytes.buffer);
	#start = 0;
	#at = 0;

	byte(value: number): this {
		const at = this.#room(1); // first: it may change the view
		this.#view.setUint8(at, value);
		return this;
	}

	uint16(value: number): this {
		const at = this.#room(2); // first: it may change the view
		this.#view.setUint16(at, value);
		return this;
	}

	uint32(value: number): this {
		const at = this.#room(4); // first: it may change the view
		this.#view.setUint32(at, value);
		return this;
	}

	/** A whole number of more than 32 bits, a point in time, or Infinity. */
	float64(value: number): this {
		const at = this.#room(8); // first: it may change the view
		this.#view.setFloat64(at, value);
		return this;
	}

	/** A text, or none, which is not the same as an empty one. */
	text(value: string | undefined): this {
		if (value === undefined) return this.byte(0);
		const utf8 = encodeUtf8(value);
		return this.byte(1).uint32(utf8.length).rest(utf8);
	}

	/** Bytes without their length: the last field. */
	rest(bytes: Uint8Array): this {
		const at = this.#room(bytes.length);
		this.#bytes.set(bytes, at);
		return this;
	}

	/** The value; the next field begins another one. */
	finish(): Uint8Array {
		const value = this.#bytes.subarray(this.#start, this.#at);
		this.#start = this.#at;
		return value;
	}

	/** Makes room for a field and returns where it is. */
	#room(length: number): number {
		const at = this.#at;
		this.#at += length;
		return this.#at <= this.#bytes.length ? at : this.#moveOn(length);
	}

	/** Takes the value that has been begun along into a new block. */
	#moveOn(length: number): number {
		const begun = this.#bytes.subarray(this.#start, this.#at - length);
		this.#bytes = new Uint8Array(Math.max(BLOCK, 2 * (begun.length + length)));
		this.#bytes.set(begun);
		this.#view = new DataView(this.#bytes.buffer);
		this.#start = 0;
		this.#at = begun.length + length;
		return begun.length;
	}
}
