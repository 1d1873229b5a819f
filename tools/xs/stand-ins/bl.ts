import { Buffer } from "./buffer.ts";

/** As much of `bl`'s BufferList as `mqtt-packet`'s parser uses: bytes that come in pieces, read as one. */
export class BufferList {
	length = 0;
	#pieces: Buffer[] = [];

	/** Adds bytes at the end. They are viewed, not copied. */
	append(bytes: Uint8Array): this {
		const piece = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
		if (piece.length > 0) this.#pieces.push(piece);
		this.length += piece.length;
		return this;
	}

	/** Drops `count` bytes from the start, or all when there are fewer. */
	consume(count: number): this {
		let left = Math.min(count, this.length);
		this.length -= left;
		while (left > 0) {
			const [first] = this.#pieces;
			if (!first) break;
			if (first.length > left) {
				this.#pieces[0] = first.subarray(left);
				break;
			}
			left -= first.length;
			this.#pieces.shift();
		}
		return this;
	}

	/** The bytes from `start` to before `end`, clipped to what is there: a view when one piece holds them, else a copy. */
	slice(start = 0, end = this.length): Buffer {
		const to = Math.min(end, this.length);
		const result = Buffer.allocUnsafe(Math.max(0, to - start));
		let at = 0;
		for (const piece of this.#pieces) {
			if (start >= at && to <= at + piece.length) return piece.subarray(start - at, Math.max(start, to) - at);
			const from = Math.max(start, at);
			const until = Math.min(to, at + piece.length);
			if (from < until) result.set(piece.subarray(from - at, until - at), from - start);
			at += piece.length;
		}
		return result;
	}

	toString(_encoding: "utf8", start: number, end: number): string {
		return this.slice(start, end).toString();
	}

	readUInt8(offset: number): number {
		return this.#readUnsigned(offset, 1);
	}

	readUInt16BE(offset: number): number {
		return this.#readUnsigned(offset, 2);
	}

	readUInt32BE(offset: number): number {
		return this.#readUnsigned(offset, 4);
	}

	#readUnsigned(offset: number, size: 1 | 2 | 4): number {
		if (offset < 0 || offset + size > this.length) {
			throw new RangeError(`${size} bytes at ${offset} are not within a list of ${this.length}`);
		}
		const [first] = this.#pieces;
		if (first && offset + size <= first.length) return bigEndian(first, offset, size);
		return bigEndian(this.slice(offset, offset + size), 0, size);
	}
}

function bigEndian(bytes: Uint8Array, offset: number, size: number): number {
	let value = 0;
	for (let at = offset; at < offset + size; at++) value = value * 256 + (bytes[at] ?? 0);
	return value;
}

/** `bl` is called without `new`. */
export default function bl(): BufferList {
	return new BufferList();
}
