import { type AckPacket, REASON } from "../codec/index.ts";
import { answer } from "./answer.ts";
import type { Broker } from "./broker.ts";
import type { Connection } from "./connection.ts";
import { awaitWrites } from "./gates.ts";
import type { Session } from "./session.ts";
import { unstoreReceived } from "./storage.ts";

/** The client will not send this QoS 2 message again: its id is free. */
export function onPubrel(broker: Broker, connection: Connection, session: Session, { messageId }: AckPacket): void {
	const writes = broker.journal.count;
	const isKnown = session.received.delete(messageId);
	if (isKnown) unstoreReceived(broker, session, messageId);
	awaitWrites(broker, session, writes);
	// [MQTT-4.3.3-11] unknown ids are answered too: the client may be retrying after a lost PUBCOMP.
	const reasonCode = isKnown || connection.version < 5 ? REASON.SUCCESS : REASON.PACKET_IDENTIFIER_NOT_FOUND;
	answer(broker, connection, session, "pubcomp", messageId, reasonCode, undefined);
}
