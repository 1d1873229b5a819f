import type { QoS, SubscribePacket, Subscription, UnsubscribePacket } from "./packets.ts";
import { readProperties, withProperties } from "./property-reader.ts";
import type { Reader } from "./reader.ts";
import type { Rules } from "./rules.ts";

/** Subscription options (section 3.8.3.1). */
const QOS = 0x03;
const NO_LOCAL = 0x04;
const RETAIN_AS_PUBLISHED = 0x08;
const RETAIN_HANDLING = 0x30;
const RESERVED = 0xc0;

/**
 * Reads the body of a SUBSCRIBE (section 3.8). Whether the filters are valid is not looked at: that has an answer of its
 * own, reason code 0x8F in the SUBACK.
 */
export function readSubscribe(reader: Reader, rules: Rules): SubscribePacket {
	const messageId = reader.messageId();
	const properties = readProperties<SubscribePacket>(reader, rules);
	checkNotEmpty(reader);
	const subscriptions: Subscription[] = [];
	while (reader.left > 0) subscriptions.push(readSubscription(reader, rules));
	return withProperties({ cmd: "subscribe", messageId, subscriptions }, properties);
}

/** Reads the body of an UNSUBSCRIBE (section 3.10). */
export function readUnsubscribe(reader: Reader, rules: Rules): UnsubscribePacket {
	const messageId = reader.messageId();
	const properties = readProperties<UnsubscribePacket>(reader, rules);
	checkNotEmpty(reader);
	const unsubscriptions: string[] = [];
	while (reader.left > 0) unsubscriptions.push(reader.text("a topic filter"));
	return withProperties({ cmd: "unsubscribe", messageId, unsubscriptions }, properties);
}

/** 5: [MQTT-3.8.3-2] and [MQTT-3.10.3-2]; 3.1.1: [MQTT-3.8.3-3] and [MQTT-3.10.3-2]. */
function checkNotEmpty(reader: Reader): void {
	if (reader.left === 0) throw reader.protocolError("it has no topic filter");
}

function readSubscription(reader: Reader, rules: Rules): Subscription {
	const topic = reader.text("a topic filter");
	const options = reader.byte("the subscription options");
	const qos = (options & QOS) as QoS;
	if (rules.version !== 5) {
		if (options > 2) throw reader.malformed("a subscription has a QoS above 2, or reserved bits set"); // [MQTT-3-8.3-4]
		return { topic, qos };
	}
	checkOptions(reader, options);
	const nl = (options & NO_LOCAL) !== 0;
	// [MQTT-3.8.3-4]
	if (nl && topic.startsWith("$share/")) throw reader.protocolError("a shared subscription has No Local set");
	const rh = ((options & RETAIN_HANDLING) >> 4) as 0 | 1 | 2;
	return { topic, qos, nl, rap: (options & RETAIN_AS_PUBLISHED) !== 0, rh };
}

function checkOptions(reader: Reader, options: number): void {
	if (options & RESERVED) throw reader.malformed("reserved subscription options are set"); // [MQTT-3.8.3-5]
	if ((options & QOS) === QOS) throw reader.protocolError("a subscription has QoS 3");
	if ((options & RETAIN_HANDLING) === RETAIN_HANDLING)
		throw reader.protocolError("a subscription has Retain Handling 3");
}
