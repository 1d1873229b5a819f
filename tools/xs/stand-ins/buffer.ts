import { readUtf8, utf8Length, writeUtf8 } from "./utf8.ts";

/** Uint8Array, but for its static side: `from` means something else in a Buffer. */
const Bytes: new (source: ArrayBuffer | number, byteOffset?: number, length?: number) => Uint8Array<ArrayBuffer> =
	Uint8Array;

/**
 * As much of Node's Buffer as `mqtt-packet` and the `bl` stand-in use, for engines that have none. Strings are UTF-8;
 * another encoding is not understood, and bytes out of range are refused as Node refuses them.
 */
export class Buffer extends Bytes {
	/** Bytes of a string, of an array of numbers or of another view: always a copy. An ArrayBuffer is viewed, not copied. */
	static from(source: unknown, byteOffset?: number, length?: number): Buffer {
		if (typeof source === "string") return fromString(source);
		if (source instanceof ArrayBuffer) return new Buffer(source, byteOffset, length);
		const numbers = source as ArrayLike<number>;
		const buffer = new Buffer(numbers.length);
		buffer.set(numbers);
		return buffer;
	}

	static alloc(size: number): Buffer {
		return new Buffer(size);
	}

	static allocUnsafe(size: number): Buffer {
		return new Buffer(size);
	}

	static isBuffer(value: unknown): value is Buffer {
		return value instanceof Buffer;
	}

	static byteLength(value: string | ArrayBufferView | ArrayBuffer): number {
		return typeof value === "string" ? utf8Length(value) : value.byteLength;
	}

	override subarray(start?: number, end?: number): Buffer {
		return super.subarray(start, end) as Buffer;
	}

	/** As in Node, and not as in Uint8Array: a view on the same memory. */
	override slice(start?: number, end?: number): Buffer {
		return this.subarray(start, end);
	}

	/** Copies all of this into `target`, as far as there is room. Returns the number of bytes copied. */
	copy(target: Uint8Array, targetStart = 0): number {
		const count = Math.max(0, Math.min(this.length, target.length - targetStart));
		target.set(this.subarray(0, count), targetStart);
		return count;
	}

	/** Writes a string that fits. Returns the number of bytes written. */
	write(text: string, offset = 0): number {
		const length = utf8Length(text);
		checkRange(this, offset, length);
		writeUtf8(text, this, offset);
		return length;
	}

	writeUInt8(value: number, offset = 0): number {
		checkRange(this, offset, 1);
		checkValue(value, 0xff);
		this[offset] = value;
		return offset + 1;
	}

	writeUInt32BE(value: number, offset = 0): number {
		checkRange(this, offset, 4);
		checkValue(value, 0xffff_ffff);
		for (let at = 0; at < 4; at++) this[offset + at] = value >>> (24 - 8 * at);
		return offset + 4;
	}

	override toString(_encoding?: "utf8", start = 0, end = this.length): string {
		return readUtf8(this.subarray(start, end));
	}
}

function fromString(text: string): Buffer {
	const buffer = new Buffer(utf8Length(text));
	writeUtf8(text, buffer, 0);
	return buffer;
}

function checkRange(bytes: Uint8Array, offset: number, size: number): void {
	if (offset < 0 || offset + size > bytes.length) {
		throw new RangeError(`${size} bytes at ${offset} are not within a buffer of ${bytes.length}`);
	}
}

function checkValue(value: number, maximum: number): void {
	if (value < 0 || value > maximum) throw new RangeError(`${value} is not within 0 and ${maximum}`);
}
