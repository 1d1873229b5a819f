import { DUP_FLAG, PUBLISH, RETAIN_FLAG } from "./control.ts";
import { UsageError } from "./errors.ts";
import { checkMessageId, newFrame } from "./frame-writer.ts";
import { NOTHING } from "./nothing.ts";
import type { ProtocolVersion, PublishHeader, QoS } from "./packets.ts";
import { encodeProperties } from "./property-writer.ts";
import { topicNameFault } from "./topic-name.ts";
import { utf8Length, writeShortAscii, writeUtf8 } from "./utf8.ts";
import { varintLength, writeVarint } from "./varint.ts";
import { MAX_FIELD } from "./writer.ts";

/**
 * A PUBLISH (section 3.3). Its properties are left out before version 5; its packet identifier, and DUP [MQTT-3.3.1-2],
 * at QoS 0. Throws UsageError for a topic that is none, and for what is out of range.
 */
export function encodePublish(header: PublishHeader, payload: Uint8Array, version: ProtocolVersion): Uint8Array {
	const frame = makeFrame(header, version, payload.length, 0);
	frame.set(payload, frame.length - payload.length);
	return frame;
}

/** All of a PUBLISH but its payload, which is to follow it: see `encodePublish`. */
export function encodePublishHead(header: PublishHeader, payloadLength: number, version: ProtocolVersion): Uint8Array {
	return makeFrame(header, version, 0, payloadLength);
}

/** A PUBLISH with room for `inside` bytes of payload; `outside` more will follow it. */
function makeFrame(header: PublishHeader, version: ProtocolVersion, inside: number, outside: number): Uint8Array {
	const topic = header.topic;
	const isNumbered = header.qos > 0;
	const fault = topicNameFault(topic);
	if (fault !== undefined && !isAlias(header, version)) throw new UsageError(`The topic ${fault}.`);
	const first = firstByte(header);
	const properties = version === 5 && header.properties ? encodeProperties(header.properties, PUBLISH) : NOTHING;
	let afterTopic = inside;
	if (isNumbered) afterTopic += 2;
	if (version === 5) afterTopic += varintLength(properties.length) + properties.length;
	const frame = beginWithTopic(first, topic, afterTopic, outside);
	let at = frame.length - afterTopic;
	if (isNumbered) {
		const id = checkMessageId(header.messageId);
		frame[at++] = id >> 8;
		frame[at++] = id;
	}
	if (version === 5) {
		at = writeVarint(frame, at, properties.length);
		if (properties.length > 0) frame.set(properties, at);
	}
	return frame;
}

/** Whether a topic alias stands in the place of the topic. */
function isAlias(header: PublishHeader, version: ProtocolVersion): boolean {
	return header.topic === "" && version === 5 && header.properties?.topicAlias !== undefined;
}

function firstByte(header: PublishHeader): number {
	const qos = checkQos(header.qos);
	const first = (PUBLISH << 4) | (qos << 1) | (header.retain ? RETAIN_FLAG : 0);
	return qos > 0 && header.dup ? first | DUP_FLAG : first;
}

/** Throws UsageError unless `qos` is 0, 1 or 2. */
export function checkQos(qos: QoS): QoS {
	if (qos === 0 || qos === 1 || qos === 2) return qos;
	throw new UsageError(`qos is ${String(qos)}; it must be 0, 1 or 2.`);
}

/**
 * A frame with fixed header and topic in place, and room for `afterTopic` bytes. A topic is nearly always ASCII, as many
 * bytes as characters, so that is tried first; if it is not, one frame is made in vain.
 */
function beginWithTopic(
	first: number,
	topic: string,
	afterTopic: number,
	outside: number,
	length = topic.length,
): Uint8Array {
	if (length > MAX_FIELD) throw new UsageError(`The topic takes more than ${MAX_FIELD} bytes.`);
	const frame = newFrame(first, 2 + length + afterTopic + outside, outside);
	const at = frame.length - afterTopic - length;
	frame[at - 2] = length >> 8;
	frame[at - 1] = length;
	if (length === topic.length && writeShortAscii(frame, at, topic) === length) return frame;
	const bytes = utf8Length(topic, "The topic");
	if (bytes !== length) return beginWithTopic(first, topic, afterTopic, outside, bytes);
	writeUtf8(frame, at, topic);
	return frame;
}
