import { UsageError } from "./errors.ts";
import { utf8Length, writeUtf8 } from "./utf8.ts";
import { varintLength, writeVarint } from "./varint.ts";

/** The longest string or binary field: its length takes two bytes. */
export const MAX_FIELD = 65_535;

/** Bytes written field after field. `what` names the field in errors. */
export class Writer {
	#bytes = new Uint8Array(64);
	#length = 0;

	/** What has been written, as a view. */
	get written(): Uint8Array {
		return this.#bytes.subarray(0, this.#length);
	}

	byte(value: number): void {
		const at = this.reserve(1); // first: it may change #bytes
		this.#bytes[at] = value;
	}

	uint16(value: number): void {
		const at = this.reserve(2);
		this.#bytes[at] = value >> 8;
		this.#bytes[at + 1] = value;
	}

	uint32(value: number): void {
		this.uint16(value >>> 16);
		this.uint16(value & 0xffff);
	}

	varint(value: number): void {
		const at = this.reserve(varintLength(value));
		writeVarint(this.#bytes, at, value);
	}

	/** A UTF-8 string after its length. Throws UsageError if it is too long, or no MQTT string. */
	text(text: string, what: string): void {
		const length = textLength(text, what);
		this.uint16(length);
		const at = this.reserve(length);
		writeUtf8(this.#bytes, at, text);
	}

	/** Binary data after its length. Throws UsageError if it is too long. */
	binary(bytes: Uint8Array, what: string): void {
		this.uint16(binaryLength(bytes, what));
		this.raw(bytes);
	}

	raw(bytes: Uint8Array): void {
		const at = this.reserve(bytes.length);
		this.#bytes.set(bytes, at);
	}

	private reserve(count: number): number {
		const at = this.#length;
		this.#length += count;
		if (this.#length > this.#bytes.length) {
			const bytes = new Uint8Array(2 * this.#length);
			bytes.set(this.#bytes.subarray(0, at));
			this.#bytes = bytes;
		}
		return at;
	}
}

/** Bytes that `text` takes in UTF-8. Throws UsageError if it is too long, or no MQTT string (section 1.5.4). */
export function textLength(text: string, what: string): number {
	if (typeof text !== "string") throw new UsageError(`${what} must be a string.`);
	if (text.includes("\0")) throw new UsageError(`${what} contains U+0000, which MQTT does not allow.`);
	const length = text.length > MAX_FIELD ? text.length : utf8Length(text, what);
	if (length > MAX_FIELD) throw new UsageError(`${what} takes more than ${MAX_FIELD} bytes.`);
	return length;
}

/** Length of a binary field. Throws UsageError if it is too long. */
export function binaryLength(bytes: Uint8Array, what: string): number {
	if (!(bytes instanceof Uint8Array)) throw new UsageError(`${what} must be a Uint8Array.`);
	if (bytes.length > MAX_FIELD) throw new UsageError(`${what} takes ${bytes.length} bytes, more than ${MAX_FIELD}.`);
	return bytes.length;
}
