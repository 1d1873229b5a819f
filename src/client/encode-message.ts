import {
	encodePublish,
	encodePublishHead,
	type PublishHeader,
	type PublishProperties,
	type QoS,
	UsageError,
} from "../codec/index.ts";
import type { Millis } from "../ports/index.ts";
import { ClientError } from "./errors.ts";
import { expiryOf, type OutboxMessage } from "./outbox.ts";
import { isCopied } from "./payload.ts";
import type { ServerLimits } from "./server-limits.ts";

/**
 * The packet of a message as the broker takes it, without a payload that is not copied into it; or why there can be none.
 * `qos`: what it is sent with.
 */
export function encodeFor(
	{ version, maximumPacketSize, retainAvailable }: ServerLimits,
	message: OutboxMessage,
	qos: QoS,
	dup: boolean,
	now: Millis,
): Uint8Array | ClientError {
	const { topic, packetId, payload } = message;
	const header: PublishHeader = {
		topic,
		qos,
		retain: message.retain && retainAvailable,
		dup,
		messageId: qos === 0 ? undefined : packetId,
		properties: version === 5 ? propertiesOf(message, now) : undefined,
	};
	try {
		const isWhole = isCopied(payload);
		const frame = isWhole
			? encodePublish(header, payload, version)
			: encodePublishHead(header, payload.length, version);
		const following = isWhole ? 0 : payload.length;
		return frame.length + following <= maximumPacketSize ? frame : tooLarge(message, maximumPacketSize);
	} catch (error) {
		if (!(error instanceof UsageError)) throw error;
		return new ClientError("unsendable", `"${topic}" cannot be sent: ${error.message}`);
	}
}

function propertiesOf(message: OutboxMessage, now: Millis): PublishProperties | undefined {
	const left = expiryOf(message, now);
	if (left === undefined) return message.properties;
	return { ...message.properties, messageExpiryInterval: Math.max(1, left) };
}

// [MQTT-3.2.2-15]
function tooLarge(message: OutboxMessage, most: number): ClientError {
	return new ClientError("tooLarge", `"${message.topic}" exceeds the ${most} bytes that the broker takes in a packet.`);
}
