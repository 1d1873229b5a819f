/** Netstrings (`LENGTH:BYTES,`), the framing on the XS worker's pipes. */

const COLON = 0x3a;
const COMMA = 0x2c;
const DIGIT_0 = 0x30;
const MAX_LENGTH_DIGITS = 9;

/** The pieces to write, in order: length, then payload, then trailer. The payload is not copied. */
export function netstring(prefix: string, payload: Uint8Array): readonly Uint8Array[] {
	const head = Buffer.from(prefix, "latin1");
	return [Buffer.from(`${head.length + payload.length}:${prefix}`, "latin1"), payload, Buffer.of(COMMA)];
}

/** Takes bytes of any cut and gives back whole messages. */
export class NetstringReader {
	#chunks: Uint8Array[] = [];
	#held = 0;
	#wanted = 0;

	/** Every message that `bytes` completes, in order. Throws when the stream is not made of netstrings. */
	push(bytes: Uint8Array): Uint8Array[] {
		this.#chunks.push(bytes);
		this.#held += bytes.length;
		if (this.#held < this.#wanted) return [];
		return this.#drain(this.#take());
	}

	/** Everything that is held, as one piece. */
	#take(): Uint8Array {
		const [first] = this.#chunks;
		const all = this.#chunks.length === 1 && first ? first : Buffer.concat(this.#chunks);
		this.#chunks = [];
		this.#held = 0;
		return all;
	}

	#drain(bytes: Uint8Array): Uint8Array[] {
		const messages: Uint8Array[] = [];
		let start = 0;
		this.#wanted = 0;
		while (start < bytes.length) {
			const header = readLength(bytes, start);
			const end = header ? header.start + header.length : 0;
			if (!header || end >= bytes.length) {
				this.#chunks = [bytes.subarray(start)];
				this.#held = bytes.length - start;
				this.#wanted = header ? end + 1 - start : 0;
				break;
			}
			if (bytes[end] !== COMMA) throw new Error(`netstring of ${header.length} bytes does not end with a comma`);
			messages.push(bytes.subarray(header.start, end));
			start = end + 1;
		}
		return messages;
	}
}

/** The payload's length and where it starts; undefined when the colon has not arrived yet. */
function readLength(bytes: Uint8Array, start: number): { length: number; start: number } | undefined {
	let length = 0;
	for (let at = start; at < bytes.length; at++) {
		const byte = bytes[at] ?? 0;
		if (byte === COLON && at > start) return { length, start: at + 1 };
		const digit = byte - DIGIT_0;
		if (digit < 0 || digit > 9 || at - start >= MAX_LENGTH_DIGITS) {
			throw new Error(`byte 0x${byte.toString(16)} where a netstring's length was expected`);
		}
		length = length * 10 + digit;
	}
	return undefined;
}
