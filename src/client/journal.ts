import { CLIENT, type DecodedPacket, Decoder, encodePublish, type PublishPacket } from "../codec/index.ts";
import type { Seconds } from "../ports/index.ts";
import type { OutgoingStep } from "../session/index.ts";
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

/** An outgoing message as it is kept: the PUBLISH in the form of MQTT 5 after its step and what is left of its expiry. */
export interface SavedMessage {
	readonly step: OutgoingStep;
	/** Seconds, counted from when it was saved; undefined: never. */
	readonly expiry: Seconds | undefined;
	readonly packetId: number;
	readonly publish: Pick<PublishPacket, "topic" | "payload" | "qos" | "retain" | "properties">;
}

const PUBLISH_SENT = 0;
const REL_SENT = 1;
const NO_EXPIRY = 0xffff_ffff;
const MESSAGE_HEADER = 5;
const SHORTEST_PACKET = 2;

/** The body of an outgoing message's record. Throws UsageError when MQTT 5 cannot express the message. */
export function encodeMessage(message: SavedMessage): Uint8Array {
	const { topic, payload, qos, retain, properties } = message.publish;
	const header = { topic, qos, retain, properties, dup: false, messageId: message.packetId };
	const frame = encodePublish(header, payload, 5);
	const body = new Uint8Array(MESSAGE_HEADER + frame.length);
	body[0] = message.step === "relSent" ? REL_SENT : PUBLISH_SENT;
	new DataView(body.buffer).setUint32(1, message.expiry ?? NO_EXPIRY);
	body.set(frame, MESSAGE_HEADER);
	return body;
}

/** Reads what `encodeMessage` wrote; undefined: it is not that. The payload is a copy. */
export function decodeMessage(body: Uint8Array): SavedMessage | undefined {
	if (body.length < MESSAGE_HEADER + SHORTEST_PACKET) return undefined;
	const expiry = new DataView(body.buffer, body.byteOffset).getUint32(1);
	const packet = decodePublish(body.slice(MESSAGE_HEADER));
	if (packet?.cmd !== "publish" || packet.messageId === undefined) return undefined;
	return {
		step: body[0] === REL_SENT ? "relSent" : "publishSent",
		expiry: expiry === NO_EXPIRY ? undefined : expiry,
		packetId: packet.messageId,
		publish: packet,
	};
}

function decodePublish(frame: Uint8Array): DecodedPacket | undefined {
	const decoder = new Decoder({ role: CLIENT, maxPacket: frame.length });
	decoder.version = 5;
	try {
		decoder.push(frame);
		return decoder.next();
	} catch {
		return undefined; // the checksum held by chance, or an older release wrote what is no longer allowed
	}
}

/** The body of the record of unreleased incoming packet ids. */
export function encodeIds(ids: Iterable<number>, count: number): Uint8Array {
	const body = new Uint8Array(count * 2);
	let at = 0;
	for (const id of ids) {
		body[at++] = id >> 8;
		body[at++] = id & 0xff;
	}
	return body;
}

export function decodeIds(body: Uint8Array): readonly number[] {
	const ids: number[] = [];
	for (let at = 0; at + 1 < body.length; at += 2) ids.push(((body[at] as number) << 8) | (body[at + 1] as number));
	return ids;
}
