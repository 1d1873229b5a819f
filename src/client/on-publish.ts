import { type PublishHeader, type PublishPacket, REASON } from "../codec/index.ts";
import { fail } from "./connection.ts";
import type { Context } from "./context.ts";
import type { Message, MessageHandler } from "./message.ts";

/** PUBLISH (MQTT 5 section 3.3): delivered to the handlers, then acknowledged. */
export function onPublish(context: Context, packet: PublishPacket): void {
	// Only an alias, which is a property, can leave the topic out or change its meaning.
	const topic = packet.properties === undefined ? packet.topic : resolveTopic(context, packet);
	if (topic === undefined) return;
	if (packet.qos < 2) deliver(context, topic, packet);
	else if (!deliverOnce(context, topic, packet)) return;
	if (packet.qos > 0) acknowledge(context, packet);
}

/** False: the connection was ended. */
function deliverOnce(context: Context, topic: string, packet: PublishPacket): boolean {
	const verdict = context.received.receive(packet.messageId as number);
	if (verdict === "over") exceeded(context);
	if (verdict === "first") {
		// As in figure 4.3 of the specification: the id is stored before the message is passed on.
		context.saveReceived();
		deliver(context, topic, packet);
	}
	return verdict !== "over";
}

/** The topic of a PUBLISH, its alias resolved; undefined: the connection was ended for it. */
export function resolveTopic(context: Context, header: PublishHeader): string | undefined {
	const topic = context.incoming.topicOf(header, context.settings.limits.topicAliases);
	if (topic !== undefined) return topic;
	const message = `The broker used topic alias ${header.properties?.topicAlias}, which is not set or not allowed.`;
	fail(context, message, REASON.TOPIC_ALIAS_INVALID);
	return undefined;
}

/** PUBACK or PUBREC, as the QoS asks for. */
export function acknowledge(context: Context, header: PublishHeader): void {
	const messageId = header.messageId;
	if (messageId === undefined) return;
	context.wire.acknowledge(header.qos === 1 ? "puback" : "pubrec", messageId, REASON.SUCCESS);
}

/** The broker has more unreleased QoS 2 messages on their way than it may. */
export function exceeded(context: Context): void {
	const message = `The broker has more than ${context.received.limit} unreleased messages on their way.`;
	fail(context, message, REASON.RECEIVE_MAXIMUM_EXCEEDED);
}

/** Has a message handed to whoever takes it. */
export function deliver(context: Context, topic: string, packet: PublishPacket): void {
	const subscriptions = context.subscriptions;
	const route = packet.properties === undefined ? subscriptions.route(topic) : subscriptions.routeOf(topic, packet);
	const handlers = route.handlers;
	const message: Message = topic === packet.topic ? packet : { ...packet, topic };
	for (let index = 0; index < handlers.length; index++) {
		context.call("message handler", handlers[index] as MessageHandler, message, undefined);
	}
}
