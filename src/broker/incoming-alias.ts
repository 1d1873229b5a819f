import { ProtocolError, type PublishPacket, REASON } from "../codec/index.ts";
import type { Connection } from "./connection.ts";

/** The topic of a PUBLISH, by its alias if it has one and no topic (MQTT 5 section 3.3.2.3.4). */
export function resolveTopic(connection: Connection, { topic, properties }: PublishPacket): string {
	const alias = properties?.topicAlias;
	if (alias === undefined) return topic;
	const { topicAliases } = connection.limits;
	if (alias > topicAliases) {
		// [MQTT-3.3.2-9]
		throw new ProtocolError(REASON.TOPIC_ALIAS_INVALID, `Topic alias ${alias} is over ${topicAliases}.`);
	}
	if (topic !== "") {
		connection.incomingAliases.set(alias, topic);
		return topic;
	}
	const known = connection.incomingAliases.get(alias);
	if (known === undefined) throw new ProtocolError(REASON.PROTOCOL_ERROR, `Topic alias ${alias} stands for no topic.`);
	return known;
}
