import { encodeAck, setDup, setMessageId } from "../codec/index.ts";
import type { Broker } from "./broker.ts";
import type { Connection } from "./connection.ts";
import type { Delivery, InflightRecord } from "./delivery.ts";
import { awaitWrites, sendWhenDurable } from "./gates.ts";
import { countSent, outgoingFrame } from "./outgoing-frame.ts";
import type { Session } from "./session.ts";
import { storeDelivery, unstoreDelivery } from "./storage.ts";

/** Sends a QoS 1 or 2 message for the first time: from now on it is in flight. */
export function startFlight(broker: Broker, session: Session, connection: Connection, delivery: Delivery): void {
	const { message, qos } = delivery;
	if (qos === 0) return;
	const frame = outgoingFrame(broker, connection, message, delivery, !waitsForStore(session, delivery));
	const packetId = frame === undefined ? undefined : session.packetIds.take();
	if (frame === undefined || packetId === undefined) {
		unstoreDelivery(broker, session, delivery); // [MQTT-3.1.2-25] as if it had been sent
		return;
	}
	message.ownBriefly(broker.slab);
	session.inflight.set(packetId, { packetId, qos, message: delivery, step: "publishSent" });
	session.outstanding++;
	broker.stats.inflightMessages++;
	const writes = broker.journal.count;
	storeDelivery(broker, session, delivery, "publishSent", packetId);
	if (waitsForStore(session, delivery)) awaitWrites(broker, session, writes);
	transmit(broker, session, connection, delivery, frame, packetId);
}

/** Sends what is in flight once more, over a new connection [MQTT-4.4.0-1]. */
export function resend(broker: Broker, session: Session, connection: Connection, record: InflightRecord): void {
	const { message: delivery, packetId, step } = record;
	if (session.inflight.get(packetId) !== record) return;
	session.outstanding++;
	if (step === "relSent") {
		sendWhenDurable(broker, connection, session, encodeAck("pubrel", packetId, 0, connection.version));
		return;
	}
	const frame = outgoingFrame(broker, connection, delivery.message, delivery, false);
	if (frame === undefined) endFlight(broker, session, record);
	else transmit(broker, session, connection, delivery, frame, packetId);
}

/** Forgets a message that is delivered or refused, or that cannot be sent. */
export function endFlight(broker: Broker, session: Session, record: InflightRecord): void {
	session.inflight.delete(record.packetId);
	session.packetIds.delete(record.packetId);
	if (session.outstanding > 0) session.outstanding--;
	broker.stats.inflightMessages--;
	unstoreDelivery(broker, session, record.message);
	if (session.connection !== undefined && session.hasWork) broker.actions.touch(session.connection);
}

/**
 * Exactly once needs the packet id in the store before the client sees it: after a crash the message must be sent with
 * the same one.
 */
function waitsForStore(session: Session, delivery: Delivery): boolean {
	return delivery.qos === 2 && session.isLasting;
}

function transmit(
	broker: Broker,
	session: Session,
	connection: Connection,
	delivery: Delivery,
	frame: Uint8Array,
	packetId: number,
): void {
	const again = delivery.sent;
	delivery.sent = true;
	countSent(broker, connection, delivery.message);
	if (!waitsForStore(session, delivery)) {
		connection.output.pushPublish(frame, packetId, again);
		return;
	}
	const copy = frame.slice();
	setMessageId(copy, packetId);
	if (again) setDup(copy);
	sendWhenDurable(broker, connection, session, copy);
}
