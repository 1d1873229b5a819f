import { encodeUtf8, UsageError } from "../codec/index.ts";

/** A payload that is read while it is sent, and so need not fit into memory. */
export interface PayloadSource {
	/** Of the whole payload, in bytes. */
	readonly length: number;
	/**
	 * The bytes from `offset` on: at least one and at most `most`. They are copied: the same array may be filled again for
	 * the next call. A message of QoS 1 or 2 that is sent again is read again from its start.
	 */
	read(offset: number, most: number): Uint8Array;
}

export type Payload = Uint8Array | PayloadSource;

/** Text becomes UTF-8. */
export function bytesOf<T>(value: string | T): Uint8Array | T {
	return typeof value === "string" ? encodeUtf8(value) : value;
}

/** A payload of no more bytes is copied into its packet. A longer one follows it, and is never in memory twice. */
const LONGEST_COPIED = 1_024;
/** What is in memory is handed to the transport in parts of this many bytes: each part taken is a sign of life. */
export const SEGMENT_BYTES = 4_096;
/** What is asked of a source at a time, in bytes: the part lies in memory as long as it takes the transport. */
const SOURCE_BYTES = 512;

/** Whether the payload is to be in one piece with its packet. */
export function isCopied(payload: Payload): payload is Uint8Array {
	return payload.length <= LONGEST_COPIED && payload instanceof Uint8Array;
}

/**
 * The next part of a payload, or of any packet that is in memory; `end`: where its last one ends. Throws what the source
 * throws, and UsageError.
 */
export function partOf(payload: Payload, offset: number, end: number): Uint8Array {
	if (payload instanceof Uint8Array) return payload.subarray(offset, offset + SEGMENT_BYTES);
	const most = Math.min(SOURCE_BYTES, end - offset);
	const bytes = payload.read(offset, most);
	// A copy, also of a Buffer, whose `slice` makes none: a transport that takes more may still hold what it has taken.
	if (bytes instanceof Uint8Array && bytes.length > 0 && bytes.length <= most) return new Uint8Array(bytes);
	throw new UsageError(`read(${offset}, ${most}) of a payload must return a Uint8Array of 1 to ${most} bytes.`);
}
