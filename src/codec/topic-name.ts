import { UsageError } from "./errors.ts";
import type { Reader } from "./reader.ts";

/** What makes a text no topic name, or undefined. */
export function topicNameFault(topic: string): string | undefined {
	if (topic === "") return "is empty"; // [MQTT-4.7.3-1]
	if (topic.includes("\0")) return "contains U+0000"; // [MQTT-4.7.3-2]
	if (topic.includes("+") || topic.includes("#")) return "contains a wildcard"; // [MQTT-4.7.1-1]
	return undefined;
}

/** Throws ProtocolError if what was read is no topic name. */
export function refuseTopicName(reader: Reader, topic: string, what: string): void {
	const fault = topicNameFault(topic);
	if (fault !== undefined) throw reader.invalidTopic(`${what} ${fault}`);
}

/** Throws UsageError if what is to be written is no topic name. */
export function checkTopicName(topic: string, what: string): void {
	const fault = topicNameFault(topic);
	if (fault !== undefined) throw new UsageError(`${what} ${fault}.`);
}
