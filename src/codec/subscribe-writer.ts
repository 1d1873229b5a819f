import { SUBSCRIBE, UNSUBSCRIBE } from "./control.ts";
import { UsageError } from "./errors.ts";
import { checkMessageId, frameOf } from "./frame-writer.ts";
import { bodyByMqttPacket, propertiesForMqttPacket } from "./mqtt-packet-writer.ts";
import type { ProtocolVersion, SubscribePacket, Subscription, UnsubscribePacket } from "./packets.ts";
import { checkQos } from "./publish-writer.ts";
import { textLength } from "./writer.ts";

const FLAGS = 0b0010;

/** A SUBSCRIBE (section 3.8). Properties and the options nl, rap and rh are left out before version 5. */
export function encodeSubscribe(packet: SubscribePacket, version: ProtocolVersion): Uint8Array {
	const { messageId, subscriptions } = packet;
	checkMessageId(messageId);
	checkNotEmpty(subscriptions);
	for (const subscription of subscriptions) checkSubscription(subscription, version);
	const properties = propertiesForMqttPacket(packet.properties, SUBSCRIBE, version);
	const body = bodyByMqttPacket({ cmd: "subscribe", messageId, subscriptions, properties }, version);
	return frameOf((SUBSCRIBE << 4) | FLAGS, body);
}

/** An UNSUBSCRIBE (section 3.10). */
export function encodeUnsubscribe(packet: UnsubscribePacket, version: ProtocolVersion): Uint8Array {
	const { messageId, unsubscriptions } = packet;
	checkMessageId(messageId);
	checkNotEmpty(unsubscriptions);
	for (const filter of unsubscriptions) checkFilter(filter);
	const properties = propertiesForMqttPacket(packet.properties, UNSUBSCRIBE, version);
	const body = bodyByMqttPacket({ cmd: "unsubscribe", messageId, unsubscriptions, properties }, version);
	return frameOf((UNSUBSCRIBE << 4) | FLAGS, body);
}

/** [MQTT-3.8.3-2], [MQTT-3.10.3-2] */
function checkNotEmpty(filters: readonly unknown[]): void {
	if (filters.length === 0) throw new UsageError("There must be at least one topic filter.");
}

function checkSubscription({ topic, qos, nl, rh = 0 }: Subscription, version: ProtocolVersion): void {
	checkFilter(topic);
	checkQos(qos);
	if (version !== 5) return;
	if (rh !== 0 && rh !== 1 && rh !== 2) throw new UsageError(`rh is ${String(rh)}; it must be 0, 1 or 2.`);
	// [MQTT-3.8.3-4]
	if (nl && topic.startsWith("$share/")) throw new UsageError("A shared subscription cannot have nl (No Local) set.");
}

/** Whether the filter's wildcards are in order is the peer's to say: the SUBACK has a reason code for it. */
function checkFilter(filter: string): void {
	textLength(filter, "A topic filter");
	if (filter === "") throw new UsageError("A topic filter is empty."); // [MQTT-4.7.3-1]
}
