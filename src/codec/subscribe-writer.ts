import { SUBSCRIBE, UNSUBSCRIBE } from "./control.ts";
import { UsageError } from "./errors.ts";
import { checkMessageId } from "./frame-writer.ts";
import { frameByMqttPacket } from "./mqtt-packet-writer.ts";
import type { ProtocolVersion, SubscribePacket, Subscription, UnsubscribePacket } from "./packets.ts";
import { checkQos } from "./publish-writer.ts";
import { textLength } from "./writer.ts";

const FLAGS = 0b0010;

/**
 * A SUBSCRIBE (section 3.8) or UNSUBSCRIBE (section 3.10). Properties and the options nl, rap and rh are left out before
 * version 5.
 */
export function encodeSubscription(packet: SubscribePacket | UnsubscribePacket, version: ProtocolVersion): Uint8Array {
	checkMessageId(packet.messageId);
	if (packet.cmd === "subscribe") {
		checkNotEmpty(packet.subscriptions);
		packet.subscriptions.forEach((subscription) => {
			checkSubscription(subscription, version);
		});
	} else {
		checkNotEmpty(packet.unsubscriptions);
		packet.unsubscriptions.forEach(checkFilter);
	}
	return frameByMqttPacket(((packet.cmd === "subscribe" ? SUBSCRIBE : UNSUBSCRIBE) << 4) | FLAGS, packet, version);
}

/** [MQTT-3.8.3-2], [MQTT-3.10.3-2] */
function checkNotEmpty(filters: readonly unknown[]): void {
	if (filters.length === 0) throw new UsageError("There must be at least one topic filter.");
}

function checkSubscription(subscription: Subscription, version: ProtocolVersion): void {
	const topic = subscription.topic;
	checkFilter(topic);
	checkQos(subscription.qos);
	if (version !== 5) return;
	const rh = subscription.rh ?? 0;
	if (rh !== 0 && rh !== 1 && rh !== 2) throw new UsageError(`rh is ${String(rh)}; it must be 0, 1 or 2.`);
	// [MQTT-3.8.3-4]
	if (subscription.nl && topic.startsWith("$share/"))
		throw new UsageError("A shared subscription cannot have nl (No Local) set.");
}

/** Whether the filter's wildcards are in order is the peer's to say: the SUBACK has a reason code for it. */
function checkFilter(filter: string): void {
	textLength(filter, "A topic filter");
	if (filter === "") throw new UsageError("A topic filter is empty."); // [MQTT-4.7.3-1]
}
