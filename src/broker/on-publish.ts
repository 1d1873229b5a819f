import { ProtocolError, type PublishPacket, REASON } from "../codec/index.ts";
import { acceptPublish, endToEnd, type PublishOutcome, SEEN } from "./accept-publish.ts";
import { announce } from "./announce.ts";
import { answer } from "./answer.ts";
import type { Broker } from "./broker.ts";
import type { Connection } from "./connection.ts";
import { awaitWrites } from "./gates.ts";
import { resolveTopic } from "./incoming-alias.ts";
import { keepPace } from "./keep-pace.ts";
import type { Session } from "./session.ts";
import { storeReceived } from "./storage.ts";

/** A message from a client. */
export function onPublish(broker: Broker, connection: Connection, session: Session, packet: PublishPacket): void {
	broker.stats.publishReceived++;
	broker.stats.publishBytesReceived += packet.payload.length;
	keepPace(broker, connection);
	if (packet.retain && connection.version === 5 && !connection.retainAvailable) {
		throw new ProtocolError(REASON.RETAIN_NOT_SUPPORTED, "CONNACK said that messages are not retained."); // [MQTT-3.2.2-14]
	}
	const topic = resolveTopic(connection, packet);
	let outcome: PublishOutcome | undefined;
	if (packet.qos === 0) outcome = acceptPublish(broker, connection, session, packet, topic);
	else if (packet.qos === 1) outcome = onQoS1(broker, connection, session, packet, topic);
	else outcome = onQoS2(broker, connection, session, packet, topic);
	if (broker.announcements.isWanted && outcome !== undefined) announceTaken(broker, session, packet, topic, outcome);
}

function announceTaken(
	broker: Broker,
	session: Session,
	packet: PublishPacket,
	topic: string,
	outcome: PublishOutcome,
): void {
	if (outcome.reasonCode >= 0x80 || outcome === SEEN) return;
	const { clientId, username, batch } = session;
	const { qos, retain } = packet;
	const properties = endToEnd(packet.properties);
	const message = {
		clientId,
		username,
		topic,
		payload: packet.payload.slice(),
		qos,
		retain,
		properties,
		isWill: false,
	};
	announce(broker, message, batch);
}

function onQoS1(
	broker: Broker,
	connection: Connection,
	session: Session,
	packet: PublishPacket,
	topic: string,
): PublishOutcome {
	checkQuota(connection, session);
	const writes = broker.journal.count;
	const outcome = acceptPublish(broker, connection, session, packet, topic);
	const { reasonCode, message } = outcome;
	assertAnswerable(connection, reasonCode, message);
	awaitWrites(broker, session, writes);
	answer(broker, connection, session, "puback", packet.messageId ?? 0, reasonCode, message);
	return outcome;
}

/** Undefined: the message was taken before. */
function onQoS2(
	broker: Broker,
	connection: Connection,
	session: Session,
	packet: PublishPacket,
	topic: string,
): PublishOutcome | undefined {
	const messageId = packet.messageId ?? 0;
	if (session.received.has(messageId)) {
		answer(broker, connection, session, "pubrec", messageId, REASON.SUCCESS, undefined); // delivered already [MQTT-4.3.3-10]
		return undefined;
	}
	checkQuota(connection, session);
	const writes = broker.journal.count;
	const outcome = acceptPublish(broker, connection, session, packet, topic);
	const { reasonCode, message } = outcome;
	assertAnswerable(connection, reasonCode, message);
	// A refusal ends the exchange in MQTT 5; 3.x cannot express it and goes through the motions.
	if (reasonCode < 0x80 || connection.version < 5) {
		session.received.receive(messageId);
		storeReceived(broker, session, messageId);
	}
	awaitWrites(broker, session, writes);
	answer(broker, connection, session, "pubrec", messageId, reasonCode, message);
	return outcome;
}

/** The client may have so many QoS 1 and 2 messages unacknowledged, and no more [MQTT-3.3.4-7]. */
function checkQuota(connection: Connection, session: Session): void {
	const { receiveMaximum, unreleased } = connection.limits;
	const limit = connection.version === 5 ? receiveMaximum : unreleased;
	const open = session.received.size + (connection.version === 5 ? connection.pubacksWaiting : 0);
	if (open < limit) return;
	throw new ProtocolError(REASON.RECEIVE_MAXIMUM_EXCEEDED, `More than ${limit} messages are unacknowledged.`);
}

/**
 * 3.x has no negative acknowledgement. What the client may not publish is acknowledged and dropped (3.1.1: [MQTT-3.3.5-2]); but
 * an acknowledgement of what the store had no room for would be a lie, so the connection is closed.
 */
function assertAnswerable(connection: Connection, reasonCode: number, message: string | undefined): void {
	if (connection.version < 5 && reasonCode === REASON.QUOTA_EXCEEDED) {
		throw new ProtocolError(reasonCode, message ?? "Quota exceeded.");
	}
}
