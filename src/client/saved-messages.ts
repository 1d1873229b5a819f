import { encodeAck, encodePublish, type PublishPacket, UsageError } from "../codec/index.ts";
import type { Millis } from "../ports/index.ts";
import type { Context } from "./context.ts";
import { headerOf } from "./encode-message.ts";
import { type OutboxMessage, sizeOf } from "./outbox.ts";
import { messageKey, type Saved } from "./saved.ts";

/** The form in which packets are kept: it can express all that an older one can. */
const VERSION = 5;
/** What is left of a message that the broker took over by PUBREC. */
const RELEASED: Omit<PublishPacket, "cmd" | "messageId"> = {
	topic: "",
	payload: new Uint8Array(0),
	qos: 2,
	retain: false,
	dup: false,
	properties: undefined,
};

/** Keeps a message: now, or, where it is likely to be acknowledged soon, after a while. */
export function keepMessage(context: Context, message: OutboxMessage): void {
	const delay = context.settings.persistDelay;
	if (delay === 0 || context.phase !== "online") {
		saveMessage(context, message);
		return;
	}
	message.record = "due";
	if (context.deadlines.get("save") === undefined) context.arm("save", delay);
}

/** Writes all that waits to be kept. What was settled before its time had come is never written. */
export function saveAll(context: Context): void {
	context.deadlines.clear("save");
	context.outgoing.all.forEach((message) => {
		if (message.record === "due") saveMessage(context, message);
	});
}

/** Writes an outgoing QoS 1 or 2 message to the Store: the packet with which it goes on. */
export function saveMessage(context: Context, message: OutboxMessage): void {
	const messageId = message.messageId;
	const payload = message.payload;
	if (messageId === undefined || !(payload instanceof Uint8Array)) return;
	try {
		const packet =
			message.step === "relSent"
				? encodeAck("pubrel", messageId, 0, VERSION)
				: encodePublish(headerOf(message, context.now), payload, VERSION);
		context.save(messageKey(message.sequence), packet);
		message.record = "written";
	} catch (error) {
		if (!(error instanceof UsageError)) throw error;
		message.record = "none";
		context.warn(`A message cannot be kept over a restart: ${error.message}`, { topic: message.topic });
	}
}

/** Takes over the messages of an earlier life. New ones come after them. */
export function restoreMessages(context: Context, saved: Saved, now: Millis): void {
	saved.messages.forEach((each) => {
		const sequence = each.sequence;
		const packet = each.packet;
		const isReleased = packet.cmd !== "publish";
		const publish = isReleased ? RELEASED : packet;
		const expiry = publish.properties?.messageExpiryInterval;
		context.sequence = Math.max(context.sequence, sequence);
		const message: OutboxMessage = {
			...publish,
			sequence,
			size: sizeOf(publish.topic, publish.payload),
			messageId: packet.messageId,
			// The time without power is not known, and not counted.
			expiresAt: expiry === undefined ? undefined : now + expiry * 1_000,
			done: undefined,
			step: isReleased ? "relSent" : "publishSent",
			record: "written",
		};
		if (!context.outgoing.restore(message)) context.dropRecord(messageKey(sequence));
	});
}
