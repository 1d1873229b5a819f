import { checkQos, encodeUtf8, type QoS, UsageError } from "../codec/index.ts";
import { topicFilterFault, topicNameFault } from "../topic/index.ts";
import type { Context } from "./context.ts";
import { ClientError } from "./errors.ts";
import type { MessageHandler, PublishDone, PublishOptions, SubscribeDone, SubscribeOptions } from "./message.ts";
import { type OutboxMessage, sizeOf } from "./outbox.ts";
import type { Payload } from "./payload.ts";
import { keepMessage } from "./saved-messages.ts";
import type { Registration } from "./subscriptions.ts";

/** The length limit of strings on the wire, in bytes of UTF-8 (MQTT 5 section 1.5.4). */
const LONGEST_TEXT = 65_535;

/** Accepts a message into the outbox. Throws UsageError for what can never be sent. */
export function publish(
	context: Context,
	topic: string,
	payload: Payload,
	options: PublishOptions,
	done: PublishDone | undefined,
): void {
	const qos = options.qos ?? 0;
	const expiry = options.expiry;
	checkPublish(topic, qos, expiry);
	const isKept = qos > 0 && options.persist !== false && context.settings.persist;
	checkPayload(payload, isKept);
	const message: OutboxMessage = {
		sequence: ++context.sequence,
		size: sizeOf(topic, payload),
		topic,
		payload,
		qos,
		retain: options.retain ?? false,
		properties: options.properties,
		expiresAt: expiry === undefined ? undefined : context.now + expiry * 1_000,
		done,
		dup: false,
		messageId: qos === 0 ? undefined : context.outgoing.takeId(options.messageId),
		step: "publishSent",
		record: "none",
	};
	if (!context.outgoing.add(message)) return;
	if (isKept) keepMessage(context, message);
	context.armExpiry(message.expiresAt);
}

/** Adds a handler. Undefined: there was no room, as `done` is told. Throws UsageError for a filter that no broker takes. */
export function subscribe(
	context: Context,
	filter: string,
	handler: MessageHandler,
	options: SubscribeOptions,
	done: SubscribeDone | undefined,
): Registration | undefined {
	checkTopic("topic filter", filter, topicFilterFault(filter));
	checkQos(options.qos ?? 0);
	if (options.nl === true && filter.startsWith("$share/")) {
		throw new UsageError(`The shared subscription "${filter}" must not have No Local [MQTT-3.8.3-4].`);
	}
	const registration = context.subscriptions.add(filter, handler, options);
	if (registration !== undefined) context.requests.subscribe(registration.entry, done);
	else {
		const text = `There are ${context.settings.limits.maxSubscriptions} subscriptions already: "${filter}" was not taken.`;
		context.subscribed(filter, done, new ClientError("full", text));
	}
	return registration;
}

/** Removes a handler; the last one of a filter takes the subscription with it. */
export function unsubscribe(context: Context, registration: Registration): void {
	if (context.subscriptions.remove(registration)) context.requests.unsubscribe(registration.entry);
}

function checkPublish(topic: string, qos: QoS, expiry: number | undefined): void {
	checkTopic("topic", topic, topicNameFault(topic));
	checkQos(qos);
	if (expiry !== undefined && !(expiry > 0)) throw new UsageError("The expiry must be more than 0 seconds.");
}

// JavaScript gives what it likes, and what has no length would go out as an empty message.
function checkPayload(payload: Payload | undefined, isKept: boolean): void {
	if (payload instanceof Uint8Array) return;
	const length = payload?.length ?? -1;
	if (!Number.isInteger(length) || length < 0 || typeof payload?.read !== "function") {
		throw new UsageError("A payload must be a string, a Uint8Array, or { length, read }, its length in bytes.");
	}
	if (!isKept) return;
	throw new UsageError(
		'A payload that is read while it is sent cannot be kept: publish it at QoS 0, or with "persist" false.',
	);
}

function checkTopic(what: string, text: string, fault: string | undefined): void {
	if (fault !== undefined) throw new UsageError(`The ${what} "${text}" ${fault}.`);
	// A character of a string takes three bytes at most.
	const length = text.length * 3 <= LONGEST_TEXT ? 0 : encodeUtf8(text).length;
	if (length <= LONGEST_TEXT) return;
	throw new UsageError(`A ${what} of ${length} bytes is too long: ${LONGEST_TEXT} are allowed.`);
}
