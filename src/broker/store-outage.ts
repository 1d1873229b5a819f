import { type AckPacket, CLIENT, Decoder, REASON } from "../codec/index.ts";
import { answer } from "./answer.ts";
import type { Broker } from "./broker.ts";
import { type CloseReason, disconnect } from "./close.ts";
import type { Connection } from "./connection.ts";
import { isAckOfPublish, send, unhold } from "./gates.ts";
import { unstoreReceived } from "./storage.ts";

/** Why a message with an acknowledgement is refused while nothing can be written. */
export const STORE_FULL: CloseReason = { reasonCode: REASON.QUOTA_EXCEEDED, message: "The broker's store is full." };

/** The store cannot take writes, for who knows how long: who waits for it is not left waiting where that can be helped. */
export function endWaiting(broker: Broker): void {
	for (const connection of [...broker.waiting]) {
		if (connection.isHeld) endHold(broker, connection);
		if (connection.phase !== "closed") refuseWaiting(broker, connection);
	}
}

/** A client whose session was kept, or is not to be, comes in all the same. A new session cannot be promised to last. */
function endHold(broker: Broker, connection: Connection): void {
	if (connection.isSessionNew) disconnect(broker, connection, STORE_FULL);
	else unhold(broker, connection);
}

/**
 * Publishers whose messages the store was to take: MQTT 5 has a refusal for them; in 3.x no answer and a closed connection
 * say the same. Some subscribers may have had the message already, and others may get it once the store takes writes again.
 */
function refuseWaiting(broker: Broker, connection: Connection): void {
	const acks = connection.gated.extract(({ bytes }) => isAckOfPublish(bytes)).map(({ bytes }) => bytes);
	connection.pubacksWaiting = 0;
	if (acks.length === 0) return;
	if (connection.version === 5) for (const ack of acks) refuse(broker, connection, ack);
	else disconnect(broker, connection, STORE_FULL);
}

function refuse(broker: Broker, connection: Connection, bytes: Uint8Array): void {
	const { session } = connection;
	const { cmd, messageId, reasonCode } = readAck(bytes);
	if (session === undefined || reasonCode >= 0x80) return send(broker, connection, bytes);
	if (cmd === "pubrec" && session.received.delete(messageId)) unstoreReceived(broker, session, messageId);
	answer(broker, connection, session, cmd, messageId, STORE_FULL.reasonCode, STORE_FULL.message);
}

function readAck(bytes: Uint8Array): AckPacket {
	const decoder = new Decoder({ role: CLIENT, maxPacket: bytes.length });
	decoder.version = 5;
	decoder.push(bytes);
	const packet = decoder.next();
	if (packet?.cmd !== "puback" && packet?.cmd !== "pubrec") throw new TypeError("This is no answer to a PUBLISH.");
	return packet;
}
