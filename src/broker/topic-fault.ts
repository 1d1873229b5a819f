import { topicFilterFault, topicNameFault } from "../topic/index.ts";
import type { Broker } from "./broker.ts";

/** What is wrong with a topic name, the broker's own limit included; undefined: nothing. */
export function nameFault(topic: string, levels: number): string | undefined {
	return topicNameFault(topic) ?? levelsFault(topic, levels);
}

/** What is wrong with a topic filter, the broker's own limit included; undefined: nothing. */
export function filterFault(filter: string, levels: number): string | undefined {
	return topicFilterFault(filter) ?? levelsFault(filter, levels);
}

/** Counts a refused topic name or filter of a client if it is the broker's own limit that it is over. */
export function countDepth({ episodes, limits, now }: Broker, text: string, clientId: string): void {
	const fault = levelsFault(text, limits.topicLevels);
	if (fault !== undefined) episodes.hit("topicLevels", now, `A topic ${fault}.`, clientId);
}

/** Whether only the broker itself publishes to the topic. */
export function isReserved(topic: string): boolean {
	return topic.startsWith("$") && (topic === "$SYS" || topic.startsWith("$SYS/"));
}

function levelsFault(text: string, limit: number): string | undefined {
	let levels = 1;
	for (let slash = text.indexOf("/"); slash >= 0; slash = text.indexOf("/", slash + 1)) levels++;
	return levels > limit ? `has more than ${limit} levels` : undefined;
}
