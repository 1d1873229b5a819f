import type { PublishProperties } from "../codec/index.ts";
import type { Broker } from "./broker.ts";
import type { Connection } from "./connection.ts";
import type { DeliveryTerms } from "./delivery.ts";
import type { Message } from "./message.ts";

/**
 * The PUBLISH for one client; at QoS 1 and 2 its message id is a placeholder. Undefined if it is larger than the client
 * takes: then it must not be sent [MQTT-3.1.2-24]. `mayAlias` only if it is sent before any other packet.
 */
export function outgoingFrame(
	broker: Broker,
	connection: Connection,
	message: Message,
	terms: DeliveryTerms,
	mayAlias: boolean,
): Uint8Array | undefined {
	const alias = mayAlias ? connection.outgoingAliases.find(message.topic) : undefined;
	const frame =
		alias === undefined && terms.identifiers === undefined
			? message.frame(connection.version, terms.qos, terms.retain, broker.now)
			: encodeForOne(broker, connection, message, terms, alias);
	if (frame.length > connection.maximumPacketSize) {
		reportTooLarge(broker, connection, frame.length);
		return undefined;
	}
	if (alias?.isKnown === false) connection.outgoingAliases.learn(message.topic, alias.alias);
	return frame;
}

function encodeForOne(
	broker: Broker,
	connection: Connection,
	message: Message,
	{ qos, retain, identifiers }: DeliveryTerms,
	alias: { readonly alias: number; readonly isKnown: boolean } | undefined,
): Uint8Array {
	const extra: PublishProperties = {
		...(identifiers !== undefined && { subscriptionIdentifier: identifiers }),
		...(alias !== undefined && { topicAlias: alias.alias }),
	};
	const topic = alias?.isKnown === true ? "" : message.topic;
	return message.encode(connection.version, qos, retain, broker.now, extra, topic);
}

function reportTooLarge(broker: Broker, connection: Connection, length: number): void {
	broker.stats.publishDropped++;
	const text = `A message of ${length} bytes is larger than the client takes (${connection.maximumPacketSize}).`;
	broker.episodes.hit("clientPacketSize", broker.now, text, connection.session?.clientId);
}

/** Counts a PUBLISH that goes out, and has the connection's output gathered. */
export function countSent(broker: Broker, connection: Connection, message: Message): void {
	const { stats } = broker;
	stats.packetsSent++;
	stats.publishSent++;
	stats.publishBytesSent += message.payload.length;
	broker.actions.touch(connection);
}
