import { UsageError } from "../codec/index.ts";
import { MAX_LEVELS } from "../topic/index.ts";
import type { LocalPublish } from "./actions.ts";
import type { Broker } from "./broker.ts";
import { Message } from "./message.ts";
import { hasRoomToRetain, retain, route } from "./publish.ts";
import { isReserved, nameFault } from "./topic-fault.ts";

/** Publishes a message of the host itself. Throws UsageError on an invalid topic. */
export function publishLocal(
	broker: Broker,
	{ topic, payload, qos = 0, retain: isRetained = false, properties: given }: LocalPublish,
): void {
	const fault = nameFault(topic, MAX_LEVELS);
	if (fault !== undefined) throw new UsageError(`Cannot publish: the topic ${JSON.stringify(topic)} ${fault}.`);
	const properties = isReserved(topic) ? given : broker.passage.enter(topic, given, payload);
	if (properties === false) return;
	const parts = { topic, payload, qos, retain: isRetained, properties, publisher: undefined };
	const message = new Message(parts, broker.now);
	if (isRetained && broker.limits.retainedMessages > 0 && hasRoomToRetain(broker, topic, payload.length))
		retain(broker, message);
	route(broker, message, undefined);
	if (qos > 0) broker.journal.hurry(); // there is no acknowledgement that could wait
}
