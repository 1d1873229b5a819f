import type { Broker } from "./broker.ts";
import type { Connection } from "./connection.ts";
import type { DeliveryTerms } from "./delivery.ts";
import type { Message } from "./message.ts";
import type { TopicAliases } from "./topic-aliases.ts";

type Alias = NonNullable<ReturnType<TopicAliases["find"]>>;

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
	if (alias !== undefined) {
		const frame = aliasedFrame(broker, connection, message, terms, alias);
		if (frame !== undefined) return frame;
	}
	const frame = plainFrame(broker, connection, message, terms);
	if (frame.length <= connection.maximumPacketSize) return frame;
	reportTooLarge(broker, connection, frame.length);
	return undefined;
}

function plainFrame(broker: Broker, { version }: Connection, message: Message, terms: DeliveryTerms): Uint8Array {
	const { qos, retain, identifiers } = terms;
	if (identifiers === undefined) return message.frame(version, qos, retain, broker.now);
	return message.encode(version, qos, retain, broker.now, { subscriptionIdentifier: identifiers });
}

/** Undefined if it is too large: the first packet with an alias is larger than one without. */
function aliasedFrame(
	broker: Broker,
	connection: Connection,
	message: Message,
	{ qos, retain, identifiers }: DeliveryTerms,
	{ alias, isKnown }: Alias,
): Uint8Array | undefined {
	const identified = identifiers === undefined ? {} : { subscriptionIdentifier: identifiers };
	const topic = isKnown ? "" : message.topic;
	const properties = { ...identified, topicAlias: alias };
	const frame = message.encode(connection.version, qos, retain, broker.now, properties, topic);
	if (frame.length > connection.maximumPacketSize) return undefined;
	if (!isKnown) connection.outgoingAliases.learn(message.topic, alias);
	return frame;
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
