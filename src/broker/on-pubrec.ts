import { type AckPacket, encodeAck, ProtocolError, REASON } from "../codec/index.ts";
import type { Broker } from "./broker.ts";
import type { Connection } from "./connection.ts";
import { endFlight } from "./flight.ts";
import { sendWhenDurable } from "./gates.ts";
import type { Session } from "./session.ts";
import { storeDelivery } from "./storage.ts";

/** The client has, or refuses, a QoS 2 message: releases it. */
export function onPubrec(broker: Broker, connection: Connection, session: Session, packet: AckPacket): void {
	const { messageId, reasonCode } = packet;
	const outcome = session.inflight.acknowledge("pubrec", messageId, reasonCode);
	if (outcome.kind === "done") {
		endFlight(broker, session, outcome.record);
		return;
	}
	if (outcome.kind === "unexpected") {
		throw new ProtocolError(REASON.PROTOCOL_ERROR, `PUBREC for ${messageId}, which was sent at QoS 1.`);
	}
	if (outcome.kind === "unknown") {
		if (reasonCode >= 0x80) return;
		const reason = connection.version === 5 ? REASON.PACKET_IDENTIFIER_NOT_FOUND : 0;
		sendWhenDurable(broker, connection, session, encodeAck("pubrel", messageId, reason, connection.version));
		return;
	}
	// PUBREL makes the client forget the id: if the broker forgot PUBREC after that, it would send the message again.
	storeDelivery(broker, session, outcome.record.message, "relSent", messageId);
	sendWhenDurable(broker, connection, session, encodeAck("pubrel", messageId, 0, connection.version));
}
