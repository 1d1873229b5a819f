import { ProtocolError, type PublishPacket, type PublishProperties, REASON } from "../codec/index.ts";
import type { Broker } from "./broker.ts";
import type { CloseReason } from "./close.ts";
import type { Connection } from "./connection.ts";
import { Message } from "./message.ts";
import { hasRoomToRetain, retain, route } from "./publish.ts";
import { publishDenial } from "./publish-right.ts";
import type { Session } from "./session.ts";
import { STORE_FULL } from "./store-outage.ts";
import { countDepth, nameFault } from "./topic-fault.ts";

/** What became of a client's message: the reason code for its acknowledgement, with a text if it is a refusal. */
export interface PublishOutcome {
	readonly reasonCode: number;
	readonly message: string | undefined;
}

const DELIVERED: PublishOutcome = { reasonCode: REASON.SUCCESS, message: undefined };
/** The message has been here before (`Passage`), and went nowhere. */
export const SEEN: PublishOutcome = { reasonCode: REASON.SUCCESS, message: undefined };
const NO_SUBSCRIBERS: PublishOutcome = { reasonCode: REASON.NO_MATCHING_SUBSCRIBERS, message: undefined };

/** Retains and delivers a client's message, or refuses it. */
export function acceptPublish(
	broker: Broker,
	connection: Connection,
	session: Session,
	packet: PublishPacket,
	topic: string,
): PublishOutcome {
	const refusal = refusalOf(broker, session, packet, topic);
	if (refusal !== undefined) {
		broker.stats.publishRefused++;
		if (refusal !== STORE_FULL) broker.denials.report(session, broker.now, "publish", topic, refusal);
		return refusal;
	}
	const fits = !packet.retain || hasRoomToRetain(broker, topic, packet.payload.length);
	if (!fits && packet.qos > 0 && connection.version === 5) {
		return { reasonCode: REASON.QUOTA_EXCEEDED, message: "There is no room for more retained messages." };
	}
	const message = toMessage(broker, connection, session, packet, topic);
	if (message === undefined) return SEEN;
	if (!fits) broker.stats.publishDropped++;
	else if (packet.retain) retain(broker, message);
	return route(broker, message, session) ? DELIVERED : NO_SUBSCRIBERS;
}

function refusalOf(
	broker: Broker,
	session: Session,
	{ qos, retain: isRetained }: PublishPacket,
	topic: string,
): CloseReason | undefined {
	if (broker.routes.known(topic) === undefined) {
		const fault = nameFault(topic, broker.limits.topicLevels);
		if (fault !== undefined) {
			countDepth(broker, topic, session.clientId);
			return { reasonCode: REASON.TOPIC_NAME_INVALID, message: `The topic ${fault}.` };
		}
	}
	const denial = publishDenial(broker, session, topic, qos, isRetained);
	if (denial !== undefined) return denial;
	return qos > 0 && !broker.isStoreAvailable ? STORE_FULL : undefined;
}

/** Undefined: the message has been here before. */
function toMessage(
	broker: Broker,
	connection: Connection,
	session: Session,
	packet: PublishPacket,
	topic: string,
): Message | undefined {
	const { payload, qos, retain: isRetained, dup } = packet;
	const given = endToEnd(packet.properties);
	const properties = broker.passage.enter(topic, given, payload);
	if (properties === false) return undefined;
	const publisher = session.clientId;
	const message = new Message({ topic, payload, qos, retain: isRetained, properties, publisher }, broker.now);
	// [MQTT-3.3.1-3] DUP is not passed on; an alias is the publisher's own.
	const isUnchanged = properties === given || connection.version < 5;
	if (!dup && isUnchanged && packet.properties?.topicAlias === undefined)
		message.seed(connection.decoder.frame, connection.version);
	return message;
}

/** The properties that are the subscribers' as well. */
export function endToEnd(properties: PublishProperties | undefined): PublishProperties | undefined {
	if (properties === undefined) return undefined;
	if (properties.subscriptionIdentifier !== undefined) {
		// [MQTT-3.3.4-6]
		throw new ProtocolError(REASON.PROTOCOL_ERROR, "A client's PUBLISH has a subscription identifier.");
	}
	if (properties.topicAlias === undefined) return properties;
	const { topicAlias: _, ...others } = properties;
	return Object.keys(others).length === 0 ? undefined : others;
}
