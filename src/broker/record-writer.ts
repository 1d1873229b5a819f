import { encodeUtf8 } from "../codec/index.ts";

/** Writes the fields of a stored value in order; numbers are big-endian. */
export class RecordWriter {
	#bytes = new Uint8Array(64);
	#view = new DataView(this.#bytes.buffer);
	#at = 0;

	byte(value: number): this {
		this.#view.setUint8(this.#room(1), value);
		return this;
	}

	uint16(value: number): this {
		this.#view.setUint16(this.#room(2), value);
		return this;
	}

	uint32(value: number): this {
		this.#view.setUint32(this.#room(4), value);
		return this;
	}

	/** A whole number of more than 32 bits, a point in time, or Infinity. */
	float64(value: number): this {
		this.#view.setFloat64(this.#room(8), value);
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

	/** The value. */
	finish(): Uint8Array {
		return this.#bytes.slice(0, this.#at);
	}

	#room(length: number): number {
		const at = this.#at;
		this.#at += length;
		if (this.#at > this.#bytes.length) {
			const bytes = new Uint8Array(Math.max(this.#at, this.#bytes.length * 2));
			bytes.set(this.#bytes);
			this.#bytes = bytes;
			this.#view = new DataView(bytes.buffer);
		}
		return at;
	}
}
