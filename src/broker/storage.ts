import type { OutgoingStep } from "../session/index.ts";
import type { Broker } from "./broker.ts";
import type { Delivery } from "./delivery.ts";
import type { Message } from "./message.ts";
import { encodeMessage, encodeQueued, encodeSession, encodeSubscription, encodeWill } from "./records.ts";
import type { Session } from "./session.ts";
import type { Subscription } from "./subscription.ts";
import { isReserved } from "./topic-fault.ts";

const EMPTY = new Uint8Array(0);

/** A number that no stored session or message has had. */
export function nextId(broker: Broker): number {
	return ++broker.lastId;
}

/** Counts one more row that refers to the message; writes it unless the store has it. */
export function refer(broker: Broker, message: Message): void {
	message.references++;
	if (message.storeId > 0) return;
	message.storeId = nextId(broker);
	broker.journal.put(
		"message",
		[message.storeId],
		encodeMessage(broker.recordWriter, message, broker.now, broker.epoch),
	);
	broker.stats.storedMessages++;
	broker.stats.storedBytes += message.payload.length;
}

function unrefer(broker: Broker, message: Message): void {
	message.references--;
	dropUnreferenced(broker, message);
}

/** Removes a message that no row refers to. */
export function dropUnreferenced(broker: Broker, message: Message): void {
	if (message.references > 0) return;
	broker.journal.delete("message", [message.storeId]);
	message.storeId = 0;
	broker.stats.storedMessages--;
	broker.stats.storedBytes -= message.payload.length;
}

/** The broker's own topics stay in memory: after a restart they would tell of a broker that is no more. */
export function storeRetained(broker: Broker, message: Message): void {
	if (isReserved(message.topic)) return;
	refer(broker, message);
	broker.journal.put("retained", [message.storeId], EMPTY);
}

export function unstoreRetained(broker: Broker, message: Message): void {
	if (isReserved(message.topic)) return;
	broker.journal.delete("retained", [message.storeId]);
	unrefer(broker, message);
}

/** Writes a session that outlives its connection. */
export function storeSession(broker: Broker, session: Session): void {
	if (!session.isLasting) return;
	const { clientId, version, expiryInterval, username } = session;
	const endsAt = session.expiryTimer.at;
	const value = encodeSession(
		broker.recordWriter,
		{ clientId, version, expiryInterval, endsAt, username },
		broker.epoch,
	);
	broker.journal.put("session", [session.id], value);
}

/** A will outlives the process even if its session does not: that the broker stopped is no reason to withhold it. */
export function storeWill(broker: Broker, session: Session): void {
	if (session.will === undefined) return;
	const { clientId, username, will, willTimer } = session;
	const value = encodeWill(broker.recordWriter, { clientId, username, will, dueAt: willTimer.at }, broker.epoch);
	broker.journal.put("will", [session.id], value);
}

export function unstoreWill(broker: Broker, session: Session): void {
	if (session.will !== undefined) broker.journal.delete("will", [session.id]);
}

/** Removes a session and what belongs to it, except its will. For one that ends, or that no longer outlives its connection. */
export function unstoreSession(broker: Broker, session: Session): void {
	if (!session.isLasting) return;
	broker.journal.delete("session", [session.id]);
	for (const subscription of session.subscriptions.values()) unstoreSubscription(broker, subscription);
	for (const { message } of session.inflight.values()) unstoreDelivery(broker, session, message);
	for (const delivery of session.queue) unstoreDelivery(broker, session, delivery);
	for (const packetId of session.received) unstoreReceived(broker, session, packetId);
}

export function storeSubscription(broker: Broker, subscription: Subscription): void {
	const { session, number } = subscription;
	if (session.isLasting)
		broker.journal.put("subscription", [session.id, number], encodeSubscription(broker.recordWriter, subscription));
}

export function unstoreSubscription(broker: Broker, subscription: Subscription): void {
	const { session, number } = subscription;
	if (session.isLasting) broker.journal.delete("subscription", [session.id, number]);
}

/** Writes how far the delivery has come, if the session outlives its connection. QoS 0 never touches the store. */
export function storeDelivery(
	broker: Broker,
	session: Session,
	delivery: Delivery,
	step: OutgoingStep | "queued",
	packetId: number,
): void {
	const { message, qos, retain, identifiers, share, sequence } = delivery;
	if (qos === 0 || !session.isLasting) return;
	if (!delivery.stored) {
		delivery.stored = true;
		refer(broker, message);
	}
	const order = step === "relSent" ? session.nextNumber() : sequence;
	const messageId = message.storeId;
	const value = encodeQueued(broker.recordWriter, {
		messageId,
		qos,
		retain,
		identifiers,
		share,
		step,
		packetId,
		order,
	});
	broker.journal.put("queue", [session.id, sequence], value);
}

export function unstoreDelivery(broker: Broker, session: Session, delivery: Delivery): void {
	if (!delivery.stored) return;
	delivery.stored = false;
	broker.journal.delete("queue", [session.id, delivery.sequence]);
	unrefer(broker, delivery.message);
}

export function storeReceived(broker: Broker, session: Session, packetId: number): void {
	if (session.isLasting) broker.journal.put("received", [session.id, packetId], EMPTY);
}

export function unstoreReceived(broker: Broker, session: Session, packetId: number): void {
	if (session.isLasting) broker.journal.delete("received", [session.id, packetId]);
}
