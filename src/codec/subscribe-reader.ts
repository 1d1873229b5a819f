import type { ParsedSubscribe, ParsedUnsubscribe } from "mqtt-packet";
import { parseWithMqttPacket } from "./mqtt-packet-parser.ts";
import type { SubscribePacket, UnsubscribePacket } from "./packets.ts";
import { readProperties } from "./property-reader.ts";
import type { Reader } from "./reader.ts";
import type { Rules } from "./rules.ts";

/** Subscription options (section 3.8.3.1). */
const QOS = 0x03;
const RETAIN_HANDLING = 0x30;
const RESERVED = 0xc0;

/**
 * Reads a SUBSCRIBE (section 3.8); `frame` is all of it. Whether the filters are valid is not looked at: that has an
 * answer of its own, reason code 0x8F in the SUBACK.
 */
export function readSubscribe(reader: Reader, frame: Uint8Array, rules: Rules): SubscribePacket {
	const messageId = reader.messageId();
	const properties =
		rules.version === 5 ? readProperties<NonNullable<SubscribePacket["properties"]>>(reader, rules) : undefined;
	checkNotEmpty(reader);
	while (reader.left > 0) {
		reader.skipText("a topic filter");
		checkOptions(reader, rules);
	}
	const { subscriptions } = parseWithMqttPacket<ParsedSubscribe>(frame, rules.version, reader);
	for (const { topic, nl } of subscriptions) {
		// [MQTT-3.8.3-4]
		if (nl && topic.startsWith("$share/")) throw reader.protocolError("a shared subscription has No Local set");
	}
	return properties === undefined
		? { cmd: "subscribe", messageId, subscriptions }
		: { cmd: "subscribe", messageId, subscriptions, properties };
}

/** Reads an UNSUBSCRIBE (section 3.10); `frame` is all of it. */
export function readUnsubscribe(reader: Reader, frame: Uint8Array, rules: Rules): UnsubscribePacket {
	const messageId = reader.messageId();
	const properties =
		rules.version === 5 ? readProperties<NonNullable<UnsubscribePacket["properties"]>>(reader, rules) : undefined;
	checkNotEmpty(reader);
	while (reader.left > 0) reader.skipText("a topic filter");
	const { unsubscriptions } = parseWithMqttPacket<ParsedUnsubscribe>(frame, rules.version, reader);
	return properties === undefined
		? { cmd: "unsubscribe", messageId, unsubscriptions }
		: { cmd: "unsubscribe", messageId, unsubscriptions, properties };
}

/** 5: [MQTT-3.8.3-2] and [MQTT-3.10.3-2]; 3.1.1: [MQTT-3.8.3-3] and [MQTT-3.10.3-2]. */
function checkNotEmpty(reader: Reader): void {
	if (reader.left === 0) throw reader.protocolError("it has no topic filter");
}

function checkOptions(reader: Reader, rules: Rules): void {
	const options = reader.byte("the subscription options");
	if (rules.version !== 5) {
		if (options > 2) throw reader.malformed("a subscription has a QoS above 2, or reserved bits set"); // [MQTT-3-8.3-4]
		return;
	}
	if (options & RESERVED) throw reader.malformed("reserved subscription options are set"); // [MQTT-3.8.3-5]
	if ((options & QOS) === QOS) throw reader.protocolError("a subscription has QoS 3");
	if ((options & RETAIN_HANDLING) === RETAIN_HANDLING)
		throw reader.protocolError("a subscription has Retain Handling 3");
}
