import { DUP_FLAG, PUBLISH, RETAIN_FLAG } from "./control.ts";
import { ProtocolError } from "./errors.ts";
import type { PublishHeader, PublishProperties, QoS } from "./packets.ts";
import { readProperties } from "./property-reader.ts";
import type { Reader } from "./reader.ts";
import { REASON } from "./reason.ts";

/** Reads what stands before the payload of a PUBLISH (section 3.3); the reader is left at the payload. */
export function readPublishHeader(reader: Reader, first: number, version: number, maxUserProperties: number): PublishHeader {
	const topic = reader.text("the topic");
	if (topic.includes("+") || topic.includes("#")) {
		throw new ProtocolError(REASON.TOPIC_NAME_INVALID, "PUBLISH: the topic contains a wildcard."); // [MQTT-3.3.2-2]
	}
	const qos = ((first >> 1) & 3) as QoS;
	const messageId = qos === 0 ? undefined : readMessageId(reader);
	const properties =
		version === 5 ? (readProperties(reader, PUBLISH, maxUserProperties) as PublishProperties | undefined) : undefined;
	if (topic === "" && properties?.topicAlias === undefined) throw reader.protocolError("it has neither topic nor alias");
	return { topic, qos, retain: (first & RETAIN_FLAG) !== 0, dup: (first & DUP_FLAG) !== 0, messageId, properties };
}

export function readMessageId(reader: Reader): number {
	const id = reader.uint16("the packet identifier");
	if (id === 0) throw reader.protocolError("the packet identifier is 0"); // [MQTT-2.2.1-3]
	return id;
}
