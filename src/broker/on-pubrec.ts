import { type AckPacket, encodeAck, ProtocolError, REASON } from "../codec/index.ts";
import type { Broker } from "./broker.ts";
import type { Connection } from "./connection.ts";
import type { InflightRecord } from "./delivery.ts";
import { endFlight } from "./flight.ts";
import { awaitWrites, sendWhenDurable } from "./gates.ts";
import type { Session } from "./session.ts";
import { storeDelivery } from "./storage.ts";

/** The client has, or refuses, a QoS 2 message: releases it. */
export function onPubrec(broker: Broker, connection: Connection, session: Session, packet: AckPacket): void {
	const { messageId, reasonCode } = packet;
	const outcome = session.inflight.acknowledge("pubrec", messageId, reasonCode);
	switch (outcome.kind) {
		case "done":
			return endFlight(broker, session, outcome.record);
		case "released":
			return release(broker, connection, session, outcome.record);
		case "unknown":
			if (reasonCode < 0x80) answerUnknown(broker, connection, session, messageId);
			return;
		case "unexpected":
			throw new ProtocolError(REASON.PROTOCOL_ERROR, `PUBREC for ${messageId}, which was sent at QoS 1.`);
	}
}

/** PUBREL makes the client forget the id: if the broker forgot this PUBREC after that, it would send the message again. */
function release(
	broker: Broker,
	connection: Connection,
	session: Session,
	{ message: delivery, packetId }: InflightRecord,
): void {
	const writes = broker.journal.count;
	storeDelivery(broker, session, delivery, "relSent", packetId);
	awaitWrites(broker, session, writes);
	sendWhenDurable(broker, connection, session, encodeAck("pubrel", packetId, 0, connection.version));
}

/** Without a PUBREL the client would keep the id for ever. */
function answerUnknown(broker: Broker, connection: Connection, session: Session, messageId: number): void {
	const reasonCode = connection.version === 5 ? REASON.PACKET_IDENTIFIER_NOT_FOUND : REASON.SUCCESS;
	sendWhenDurable(broker, connection, session, encodeAck("pubrel", messageId, reasonCode, connection.version));
}
