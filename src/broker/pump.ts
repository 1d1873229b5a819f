import type { QoS } from "../codec/index.ts";
import type { Broker } from "./broker.ts";
import type { Connection } from "./connection.ts";
import { leftQueue, sendLossy } from "./deliver.ts";
import { Delivery, type DeliveryTerms } from "./delivery.ts";
import { resend, startFlight } from "./flight.ts";
import type { Message } from "./message.ts";
import type { Replay } from "./replay.ts";
import type { Session } from "./session.ts";
import { storeSubscription, unstoreDelivery } from "./storage.ts";
import type { Subscription } from "./subscription.ts";

/** Sends what waits for the client as far as the connection and the client's window allow. */
export function pump(broker: Broker, session: Session, connection: Connection): void {
	while (connection.isReady && sendNext(broker, session, connection));
	if (session.queue.size === 0) session.isOverflowing = false;
}

/** Sends one message: first what is sent again, then the queue, then retained messages. False: nothing could be sent. */
function sendNext(broker: Broker, session: Session, connection: Connection): boolean {
	const canFly = session.windowOpen;
	if (canFly && session.resends.first !== undefined) {
		const record = session.resends.shift();
		if (record !== undefined) resend(broker, session, connection, record);
		return true;
	}
	const delivery = session.queue.shift(canFly && session.resends.size === 0);
	if (delivery !== undefined) {
		sendQueued(broker, session, connection, delivery);
		return true;
	}
	return session.replays.size > 0 && replayNext(broker, session, connection);
}

function sendQueued(broker: Broker, session: Session, connection: Connection, delivery: Delivery): void {
	leftQueue(broker, delivery);
	if (delivery.message.isExpired(broker.now)) {
		broker.stats.publishExpired++; // [MQTT-3.3.2-5]
		unstoreDelivery(broker, session, delivery);
	} else if (!broker.access.authorizeDelivery(session, delivery.message.topic)) {
		unstoreDelivery(broker, session, delivery); // the client had the right when the message was queued
	} else if (delivery.qos === 0) sendLossy(broker, connection, delivery.message, delivery);
	else startFlight(broker, session, connection, delivery);
}

/** Sends one retained message for the oldest new subscription. */
function replayNext(broker: Broker, session: Session, connection: Connection): boolean {
	const replay = session.replays.first;
	if (replay === undefined) return false;
	const { subscription } = replay;
	const isCurrent = session.subscriptions.get(subscription.filter) === subscription;
	if (isCurrent && !replay.isStarted) replay.start(broker.retained.match(subscription.filter));
	const message = isCurrent ? replay.first : undefined;
	if (message === undefined) {
		endReplay(broker, session, replay, isCurrent);
		return true;
	}
	return replayOne(broker, session, connection, replay, message);
}

function replayOne(
	broker: Broker,
	session: Session,
	connection: Connection,
	replay: Replay,
	message: Message,
): boolean {
	const terms = replayTerms(replay.subscription, message);
	if (terms.qos > 0 && !session.canSendAtOnce) return false;
	replay.advance();
	if (!isWanted(broker, session, replay.subscription, message)) return true;
	if (terms.qos === 0) sendLossy(broker, connection, message, terms);
	else startFlight(broker, session, connection, new Delivery(message, terms, session.nextNumber()));
	return true;
}

function isWanted(broker: Broker, session: Session, subscription: Subscription, message: Message): boolean {
	if (message.isExpired(broker.now)) return false;
	if (subscription.noLocal && message.publisher === session.clientId) return false;
	return broker.access.authorizeDelivery(session, message.topic);
}

/** What is sent because of a new subscription has RETAIN set (3.1.1: [MQTT-3.3.1-8]). */
function replayTerms(subscription: Subscription, message: Message): DeliveryTerms {
	const qos: QoS = message.qos < subscription.qos ? message.qos : subscription.qos;
	const identifiers = subscription.identifier === undefined ? undefined : [subscription.identifier];
	return { qos, retain: true, identifiers, share: undefined };
}

function endReplay(broker: Broker, session: Session, replay: Replay, isCurrent: boolean): void {
	session.replays.shift();
	if (!replay.subscription.replaying) return;
	replay.subscription.replaying = false;
	if (isCurrent) storeSubscription(broker, replay.subscription);
}
