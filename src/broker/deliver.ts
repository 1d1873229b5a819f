import type { Broker } from "./broker.ts";
import type { Connection } from "./connection.ts";
import { Delivery, type DeliveryTerms } from "./delivery.ts";
import { startFlight } from "./flight.ts";
import type { Message } from "./message.ts";
import { countSent, outgoingFrame } from "./outgoing-frame.ts";
import type { Session } from "./session.ts";
import { storeDelivery, unstoreDelivery } from "./storage.ts";

/** Sends the message to the session's client, or queues it. QoS 0 is not kept for a client that is away. */
export function deliver(broker: Broker, session: Session, message: Message, terms: DeliveryTerms): void {
	const connection = session.connection;
	if (terms.qos === 0) {
		if (connection === undefined) return;
		if (connection.isReady && session.queue.lossy === 0) sendLossy(broker, connection, message, terms);
		else enqueue(broker, session, new Delivery(message, terms, session.nextNumber()));
		return;
	}
	const delivery = new Delivery(message, terms, session.nextNumber());
	if (connection !== undefined && session.canSendAtOnce) startFlight(broker, session, connection, delivery);
	else enqueue(broker, session, delivery);
}

/** Sends the message at QoS 0. */
export function sendLossy(broker: Broker, connection: Connection, message: Message, terms: DeliveryTerms): void {
	const frame = outgoingFrame(broker, connection, message, terms, true);
	if (frame === undefined) return;
	connection.output.push(frame);
	countSent(broker, connection, message);
}

/** Puts a message into the queue. If that gets too full, others are given up: QoS 0 first, then the oldest. */
function enqueue(broker: Broker, session: Session, delivery: Delivery): void {
	const { queue } = session;
	const { queueBytes } = broker.limits;
	const queueMessages = Math.min(broker.limits.queueMessages, session.info?.queueMessages ?? Number.POSITIVE_INFINITY);
	delivery.message.own();
	storeDelivery(broker, session, delivery, "queued", 0);
	queue.push(delivery);
	broker.stats.queuedMessages++;
	broker.stats.queuedBytes += delivery.message.size;
	while (queue.size > queueMessages || queue.bytes > queueBytes) {
		const shed = queue.shed();
		if (shed === undefined) break;
		giveUp(broker, session, shed);
	}
	if (session.connection !== undefined) broker.actions.touch(session.connection);
}

function giveUp(broker: Broker, session: Session, delivery: Delivery): void {
	leftQueue(broker, delivery);
	unstoreDelivery(broker, session, delivery);
	broker.stats.publishDropped++;
	broker.episodes.count("queue");
	if (session.isOverflowing) return;
	session.isOverflowing = true;
	const { size, bytes } = session.queue;
	broker.episodes.report("queue", `${size} messages of ${bytes} bytes wait: messages are dropped.`, session.clientId);
}

/** Counts a message that left the queue, whichever way. */
export function leftQueue(broker: Broker, delivery: Delivery): void {
	broker.stats.queuedMessages--;
	broker.stats.queuedBytes -= delivery.message.size;
}
