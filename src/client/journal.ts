import { type AckPacket, CLIENT, Decoder, type PublishPacket } from "../codec/index.ts";
import { fnv1a } from "./hash.ts";

/**
 * Records in the Store. Each is: format version (1 byte), FNV-1a of the rest (4 bytes), the rest. What does not check is
 * treated as absent, so that a power cut in the middle of a write costs one record, never the start.
 */
const FORMAT = 1;
const HEADER = 5;

/** Frames `body` for the Store. */
export function seal(body: Uint8Array): Uint8Array {
	const record = new Uint8Array(HEADER + body.length);
	record[0] = FORMAT;
	record.set(body, HEADER);
	new DataView(record.buffer).setUint32(1, fnv1a(body));
	return record;
}

/** The body of a record, or undefined when it is absent, damaged, or of another format. */
export function unseal(record: Uint8Array | undefined): Uint8Array | undefined {
	if (record === undefined || record.length < HEADER || record[0] !== FORMAT) return undefined;
	const body = record.subarray(HEADER);
	const sum = new DataView(record.buffer, record.byteOffset, record.length).getUint32(1);
	return fnv1a(body) === sum ? body : undefined;
}

/**
 * The packet with which an outgoing message goes on, in the form of MQTT 5: PUBLISH, or PUBREL, after which its payload is
 * not sent again.
 */
export type SavedPacket = PublishPacket | AckPacket;

/** Reads the body of an outgoing message's record; undefined: it is none. The payload is a copy. */
export function decodeMessage(body: Uint8Array): SavedPacket | undefined {
	try {
		const decoder = new Decoder({ role: CLIENT, maxPacket: body.length });
		decoder.version = 5;
		decoder.push(new Uint8Array(body));
		const packet = decoder.next();
		return packet?.cmd === "publish" || packet?.cmd === "pubrel" ? packet : undefined;
	} catch {
		return undefined; // the checksum held by chance, or an older release wrote what is no longer allowed
	}
}

/** The body of the record of unreleased incoming packet ids. */
export function encodeIds(ids: Iterable<number>): Uint8Array {
	return new Uint8Array(Uint16Array.from(ids).buffer);
}

export function decodeIds(body: Uint8Array): readonly number[] {
	// A copy, which begins where 16 bits may.
	const bytes = new Uint8Array(body);
	return Array.from(new Uint16Array(bytes.buffer, 0, bytes.length >> 1));
}
