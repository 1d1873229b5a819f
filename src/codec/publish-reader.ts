import { DUP_FLAG, PUBLISH, RETAIN_FLAG } from "./control.ts";
import { packetFault } from "./packet-fault.ts";
import type { PublishPacket, PublishProperties, QoS } from "./packets.ts";
import { readProperties } from "./property-reader.ts";
import { Reader } from "./reader.ts";
import { REASON } from "./reason.ts";
import type { Rules } from "./rules.ts";
import { decodeUtf8 } from "./utf8.ts";

/**
 * Reads the body of a PUBLISH (section 3.3) without copying its payload. This runs once for each message, hence
 * without a Reader as long as there are no properties.
 */
export function readPublish(first: number, bytes: Uint8Array, start: number, end: number, rules: Rules): PublishPacket {
	const qos = ((first >> 1) & 3) as QoS;
	const topicEnd = start + 2 + (((bytes[start] as number) << 8) | (bytes[start + 1] as number));
	let at = qos === 0 ? topicEnd : topicEnd + 2;
	if (!(at <= end))
		throw packetFault(PUBLISH, REASON.MALFORMED_PACKET, "its topic and packet identifier do not fit into it");
	const topic = decodeUtf8(bytes, start + 2, topicEnd, "the topic");
	if (topic.includes("+") || topic.includes("#")) {
		throw packetFault(PUBLISH, REASON.TOPIC_NAME_INVALID, "the topic contains a wildcard"); // [MQTT-3.3.2-2]
	}
	let messageId: number | undefined;
	if (qos !== 0) {
		messageId = ((bytes[topicEnd] as number) << 8) | (bytes[topicEnd + 1] as number);
		if (messageId === 0) throw packetFault(PUBLISH, REASON.PROTOCOL_ERROR, "the packet identifier is 0"); // [MQTT-2.2.1-3]
	}
	let properties: PublishProperties | undefined;
	if (rules.version === 5) {
		if (bytes[at] === 0 && at < end) at++;
		else {
			const reader = new Reader(PUBLISH, bytes, at, end);
			properties = readPublishProperties(reader, rules);
			at = reader.at;
		}
	}
	if (topic === "" && properties?.topicAlias === undefined) {
		throw packetFault(PUBLISH, REASON.PROTOCOL_ERROR, "it has neither a topic nor a topic alias");
	}
	return {
		cmd: "publish",
		topic,
		qos,
		retain: (first & RETAIN_FLAG) !== 0,
		dup: (first & DUP_FLAG) !== 0,
		messageId,
		properties,
		payload: bytes.subarray(at, end),
	};
}

function readPublishProperties(reader: Reader, rules: Rules): PublishProperties | undefined {
	const properties = readProperties<PublishPacket>(reader, rules);
	if (rules.role.peer === "client" && properties?.subscriptionIdentifier !== undefined) {
		throw reader.protocolError("a client may not send subscriptionIdentifier"); // [MQTT-3.3.4-6]
	}
	return properties;
}
