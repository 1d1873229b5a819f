import { encodePublish, encodePublishHead, type PublishHeader, UsageError } from "../codec/index.ts";
import type { Millis } from "../ports/index.ts";
import type { ClientError } from "./errors.ts";
import { failure, type OutboxMessage } from "./outbox.ts";
import { isCopied } from "./payload.ts";
import type { ServerLimits } from "./server-limits.ts";

/** The packet of a message, without a payload that is not copied into it; or why the broker can be sent none. */
export function encodeFor(server: ServerLimits, message: OutboxMessage, now: Millis): Uint8Array | ClientError {
	const payload = message.payload;
	const version = server.version;
	const most = server.maximumPacketSize;
	const header = headerOf(message, now);
	try {
		const isWhole = isCopied(payload);
		const frame = isWhole
			? encodePublish(header, payload, version)
			: encodePublishHead(header, payload.length, version);
		// [MQTT-3.2.2-15]
		if (frame.length + (isWhole ? 0 : payload.length) <= most) return frame;
		return failure(message, "tooLarge", `exceeds the ${most} bytes that the broker takes in a packet`);
	} catch (error) {
		if (!(error instanceof UsageError)) throw error;
		return failure(message, "unsendable", `cannot be sent: ${error.message}`);
	}
}

/**
 * What a packet says of its message now. Its Message Expiry Interval is what is left of it, and of the properties of a
 * message that came, and is passed on, those that are the broker's alone are left out [MQTT-3.3.4-6], [MQTT-3.2.2-18].
 */
export function headerOf(message: OutboxMessage, now: Millis): PublishHeader {
	const given = message.properties;
	const expiresAt = message.expiresAt;
	if (given === undefined && expiresAt === undefined) return message;
	const properties = { ...given };
	delete properties.topicAlias;
	delete properties.subscriptionIdentifier;
	if (expiresAt !== undefined) properties.messageExpiryInterval = Math.max(1, Math.ceil((expiresAt - now) / 1_000));
	return { ...message, properties };
}
