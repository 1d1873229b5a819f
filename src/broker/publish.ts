import type { Broker } from "./broker.ts";
import { Timer } from "./deadlines.ts";
import { deliver } from "./deliver.ts";
import type { Message } from "./message.ts";
import type { Session } from "./session.ts";
import type { ShareGroup } from "./share-group.ts";
import { storeRetained, unstoreRetained } from "./storage.ts";

/**
 * Delivers the message to everybody who subscribed to its topic, `from` excepted where No Local says so. False: nobody
 * did. Whether it is retained is another matter.
 */
export function route(broker: Broker, message: Message, from: Session | undefined): boolean {
	const { targets, groups } = broker.routes.find(message.topic);
	for (const target of targets) {
		const actual = target.hasNoLocal && target.session === from ? target.own : target;
		if (actual === undefined) continue; // [MQTT-3.8.3-3]
		deliver(broker, actual.session, message, actual.terms(message.qos, message.retain));
	}
	for (const group of groups) deliverShared(broker, group, message);
	message.settle();
	return targets.length > 0 || groups.length > 0;
}

/** Delivers the message to one member of the group. False: none may receive it. */
export function deliverShared(broker: Broker, group: ShareGroup, message: Message): boolean {
	const member = group.choose((session) => broker.access.authorizeDelivery(session, message.topic));
	if (member === undefined) return false;
	deliver(broker, member.session, message, {
		qos: message.qos < member.qos ? message.qos : member.qos,
		retain: message.retain && member.retainAsPublished,
		identifiers: member.identifier === undefined ? undefined : [member.identifier],
		share: member.filter,
	});
	return true;
}

/** Whether the retained messages have room for this one in place of its predecessor. */
export function hasRoomToRetain(broker: Broker, topic: string, payloadLength: number): boolean {
	if (payloadLength === 0) return true;
	const { retained, limits } = broker;
	const previous = retained.get(topic);
	const size = retained.size + (previous === undefined ? 1 : 0);
	const bytes = retained.bytes + topic.length + payloadLength - (previous?.size ?? 0);
	const withIndex = bytes + (previous === undefined ? retained.indexBytes : 0);
	if (size <= limits.retainedMessages && withIndex <= limits.retainedBytes) return true;
	broker.episodes.hit("retained", broker.now, `${retained.size} messages of ${retained.bytes} bytes are retained.`);
	return false;
}

/** Makes the message its topic's retained one; one without payload removes it [MQTT-3.3.1-6]. */
export function retain(broker: Broker, message: Message): void {
	const { retained } = broker;
	if (message.payload.length === 0) {
		forgetRetained(broker, message.topic);
		return;
	}
	message.own();
	storeRetained(broker, message);
	const previous = retained.set(message);
	if (previous !== undefined) ended(broker, previous);
	watchExpiry(broker, message);
}

/** Starts the clock of a message that has become a retained one. */
export function watchExpiry(broker: Broker, message: Message): void {
	if (Number.isFinite(message.expiresAt)) {
		message.expiryTimer = new Timer("retainedExpiry", message);
		broker.deadlines.set(message.expiryTimer, message.expiresAt);
	}
	countRetained(broker);
}

export function forgetRetained(broker: Broker, topic: string): void {
	const previous = broker.retained.delete(topic);
	if (previous !== undefined) ended(broker, previous);
	countRetained(broker);
}

function ended(broker: Broker, message: Message): void {
	if (message.expiryTimer !== undefined) broker.deadlines.clear(message.expiryTimer);
	message.expiryTimer = undefined;
	unstoreRetained(broker, message);
}

function countRetained(broker: Broker): void {
	broker.stats.retainedMessages = broker.retained.size;
	broker.stats.retainedBytes = broker.retained.bytes;
}
