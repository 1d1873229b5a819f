import { UsageError } from "../codec/index.ts";
import type { Millis } from "../ports/index.ts";
import type { OutgoingStep } from "../session/index.ts";
import type { Context } from "./context.ts";
import { encodeMessage } from "./journal.ts";
import { expiryOf, type OutboxMessage, sizeOf } from "./outbox.ts";
import { messageKey, type Saved } from "./saved.ts";

const NO_PAYLOAD = new Uint8Array(0);

/** Writes an outgoing QoS 1 or 2 message to the Store; after PUBREC without its payload, which is not sent again. */
export function saveMessage(context: Context, message: OutboxMessage, step: OutgoingStep): void {
	const { packetId, topic, qos, retain, properties } = message;
	if (packetId === undefined || !(message.payload instanceof Uint8Array)) return;
	const payload = step === "relSent" ? NO_PAYLOAD : message.payload;
	const expiry = expiryOf(message, context.now);
	try {
		const body = encodeMessage({ step, expiry, packetId, publish: { topic, payload, qos, retain, properties } });
		context.save(messageKey(message.sequence), body);
		message.saved = true;
	} catch (error) {
		if (!(error instanceof UsageError)) throw error;
		context.log("warn", `A message cannot be kept over a restart: ${error.message}`, { topic });
	}
}

/** Takes over the messages of an earlier life. New ones come after them. */
export function restoreMessages(context: Context, saved: Saved, now: Millis): void {
	saved.messages.forEach(({ sequence, step, expiry, packetId, publish }) => {
		context.sequence = Math.max(context.sequence, sequence);
		const message: OutboxMessage = {
			sequence,
			size: sizeOf(publish.topic, publish.payload),
			topic: publish.topic,
			payload: publish.payload,
			qos: publish.qos,
			retain: publish.retain,
			properties: publish.properties,
			// The time without power is not known, and not counted.
			expiresAt: expiry === undefined ? undefined : now + expiry * 1_000,
			done: undefined,
			packetId,
			counted: false,
			saved: true,
		};
		if (!context.outgoing.restore(message, step)) context.dropRecord(messageKey(sequence));
	});
}
