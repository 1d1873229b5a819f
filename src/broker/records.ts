import {
	CLIENT,
	Decoder,
	encodePublish,
	type ProtocolVersion,
	type PublishPacket,
	type QoS,
	type Will,
} from "../codec/index.ts";
import type { Millis, Seconds } from "../ports/index.ts";
import type { OutgoingStep } from "../session/index.ts";
import { Message } from "./message.ts";
import { RecordError, RecordReader } from "./record-reader.ts";
import type { RecordWriter } from "./record-writer.ts";

/*
 * The layout of stored values. Points in time are milliseconds since 1970; messages are MQTT 5 PUBLISH packets of QoS 0,
 * which hold every property there is.
 */

const RETAIN = 0x04;
const NO_LOCAL = 0x08;
const RETAIN_AS_PUBLISHED = 0x10;
const REPLAYING = 0x20;

export function encodeMessage(writer: RecordWriter, message: Message, now: Millis, epoch: Millis): Uint8Array {
	return writer
		.float64(message.expiresAt + epoch)
		.byte(message.qos | (message.retain ? RETAIN : 0))
		.text(message.publisher)
		.rest(message.encode(5, 0, message.retain, now, undefined))
		.finish();
}

export function decodeMessage(value: Uint8Array, now: Millis, epoch: Millis): Message {
	const reader = new RecordReader(value);
	const expiresAt = reader.float64() - epoch;
	const flags = reader.byte();
	const publisher = reader.text();
	const { topic, payload, properties } = decodePublish(reader.rest());
	const retain = (flags & RETAIN) !== 0;
	return new Message({ topic, payload, qos: (flags & 3) as QoS, retain, properties, publisher }, now, expiresAt);
}

function decodePublish(frame: Uint8Array): PublishPacket {
	const decoder = new Decoder({ role: CLIENT, maxPacket: Number.MAX_SAFE_INTEGER });
	decoder.version = 5;
	decoder.push(frame);
	const packet = decoder.next();
	if (packet?.cmd !== "publish") throw new RecordError("A stored message is not a PUBLISH packet.");
	return packet;
}

export interface SessionRecord {
	readonly clientId: string;
	readonly version: ProtocolVersion;
	readonly expiryInterval: Seconds;
	/** When the session ends; Infinity while its client is connected, or for one that never does. */
	readonly endsAt: Millis;
	readonly username: string | undefined;
}

export function encodeSession(writer: RecordWriter, session: SessionRecord, epoch: Millis): Uint8Array {
	return writer
		.byte(session.version)
		.uint32(session.expiryInterval)
		.float64(session.endsAt + epoch)
		.text(session.clientId)
		.text(session.username)
		.finish();
}

export function decodeSession(value: Uint8Array, epoch: Millis): SessionRecord {
	const reader = new RecordReader(value);
	const version = reader.byte() as ProtocolVersion;
	const expiryInterval = reader.uint32();
	const endsAt = reader.float64() - epoch;
	const clientId = reader.text() ?? "";
	return { clientId, version, expiryInterval, endsAt, username: reader.text() };
}

export interface WillRecord {
	readonly clientId: string;
	readonly username: string | undefined;
	readonly will: Will;
	/** When it is to be published; Infinity while its client is connected. */
	readonly dueAt: Millis;
}

export function encodeWill(
	writer: RecordWriter,
	{ clientId, username, will, dueAt }: WillRecord,
	epoch: Millis,
): Uint8Array {
	const { willDelayInterval = 0, ...properties } = will.properties ?? {};
	const header = { topic: will.topic, qos: 0, retain: false, dup: false, messageId: undefined, properties } as const;
	return writer
		.float64(dueAt + epoch)
		.text(clientId)
		.text(username)
		.uint32(willDelayInterval)
		.byte(will.qos | (will.retain ? RETAIN : 0))
		.rest(encodePublish(header, will.payload, 5))
		.finish();
}

export function decodeWill(value: Uint8Array, epoch: Millis): WillRecord {
	const reader = new RecordReader(value);
	const dueAt = reader.float64() - epoch;
	const clientId = reader.text() ?? "";
	const username = reader.text();
	const willDelayInterval = reader.uint32();
	const flags = reader.byte();
	const { topic, payload, properties } = decodePublish(reader.rest());
	const retain = (flags & RETAIN) !== 0;
	const qos = (flags & 3) as QoS;
	const will = { topic, payload, qos, retain, properties: { ...properties, willDelayInterval } };
	return { clientId, username, will, dueAt };
}

export interface SubscriptionRecord {
	readonly filter: string;
	readonly qos: QoS;
	readonly noLocal: boolean;
	readonly retainAsPublished: boolean;
	readonly identifier: number | undefined;
	readonly replaying: boolean;
}

export function encodeSubscription(writer: RecordWriter, subscription: SubscriptionRecord): Uint8Array {
	const flags =
		subscription.qos |
		(subscription.noLocal ? NO_LOCAL : 0) |
		(subscription.retainAsPublished ? RETAIN_AS_PUBLISHED : 0) |
		(subscription.replaying ? REPLAYING : 0);
	return writer
		.byte(flags)
		.uint32(subscription.identifier ?? 0)
		.text(subscription.filter)
		.finish();
}

export function decodeSubscription(value: Uint8Array): SubscriptionRecord {
	const reader = new RecordReader(value);
	const flags = reader.byte();
	const identifier = reader.uint32();
	return {
		filter: reader.text() ?? "",
		qos: (flags & 3) as QoS,
		noLocal: (flags & NO_LOCAL) !== 0,
		retainAsPublished: (flags & RETAIN_AS_PUBLISHED) !== 0,
		identifier: identifier === 0 ? undefined : identifier,
		replaying: (flags & REPLAYING) !== 0,
	};
}

/** How far the delivery of a message to a session has come: `queued`, or the step that awaits the client's answer. */
export interface QueueRecord {
	/** The key of its row in the table `message`. */
	readonly messageId: number;
	readonly qos: 1 | 2;
	readonly retain: boolean;
	readonly identifiers: readonly number[] | undefined;
	/** The shared subscription that chose the session, as `$share/NAME/FILTER`. */
	readonly share: string | undefined;
	readonly step: OutgoingStep | "queued";
	/** 0 while queued. */
	readonly packetId: number;
	/** Order of sending again: rises with each step. */
	readonly order: number;
}

const STEPS: readonly QueueRecord["step"][] = ["queued", "publishSent", "relSent"];

export function encodeQueued(writer: RecordWriter, record: QueueRecord): Uint8Array {
	const identifiers = record.identifiers ?? [];
	writer
		.float64(record.messageId)
		.byte(record.qos | (record.retain ? RETAIN : 0))
		.byte(STEPS.indexOf(record.step))
		.uint16(record.packetId)
		.float64(record.order)
		.text(record.share)
		.uint16(identifiers.length);
	for (const identifier of identifiers) writer.uint32(identifier);
	return writer.finish();
}

export function decodeQueued(value: Uint8Array): QueueRecord {
	const reader = new RecordReader(value);
	const messageId = reader.float64();
	const flags = reader.byte();
	const step = STEPS[reader.byte()];
	if (step === undefined) throw new RecordError("A stored delivery is at no known step.");
	const packetId = reader.uint16();
	const order = reader.float64();
	const share = reader.text();
	const identifiers: number[] = [];
	for (let left = reader.uint16(); left > 0; left--) identifiers.push(reader.uint32());
	return {
		messageId,
		qos: (flags & 3) === 2 ? 2 : 1,
		retain: (flags & RETAIN) !== 0,
		identifiers: identifiers.length === 0 ? undefined : identifiers,
		share,
		step,
		packetId,
		order,
	};
}
