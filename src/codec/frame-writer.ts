import { UsageError } from "./errors.ts";
import { MAX_VARINT, varintLength, writeVarint } from "./varint.ts";

/**
 * Room for a packet with a body of so many bytes, its fixed header written. The last `outside` of them have no room: they
 * follow from elsewhere. Throws UsageError if the body is too long.
 */
export function newFrame(first: number, bodyLength: number, outside = 0): Uint8Array {
	if (bodyLength > MAX_VARINT) {
		throw new UsageError(`The packet has ${bodyLength} bytes after its fixed header; MQTT allows ${MAX_VARINT}.`);
	}
	const frame = new Uint8Array(1 + varintLength(bodyLength) + bodyLength - outside);
	frame[0] = first;
	if (bodyLength < 128) frame[1] = bodyLength;
	else writeVarint(frame, 1, bodyLength);
	return frame;
}

/** A packet out of its first byte and its body. */
export function frameOf(first: number, body: Uint8Array): Uint8Array {
	const frame = newFrame(first, body.length);
	frame.set(body, frame.length - body.length);
	return frame;
}

/** Throws UsageError unless `id` can identify a packet: 1 to 65,535. */
export function checkMessageId(id: number | undefined): number {
	if (id === undefined || (id & 0xffff) !== id || id === 0) {
		throw new UsageError(`messageId is ${id}; it must be an integer from 1 to 65,535.`);
	}
	return id;
}
