import { type AckCommand, encodeAck } from "../codec/index.ts";
import type { Broker } from "./broker.ts";
import type { Connection } from "./connection.ts";
import { send, sendWhenDurable } from "./gates.ts";
import type { Session } from "./session.ts";

/**
 * Acknowledges a packet of the client, once its consequences are durable. The text goes along as the reason string if
 * the client wants to know [MQTT-3.1.2-29] and it does not make the packet too large [MQTT-3.4.2-2].
 */
export function answer(
	broker: Broker,
	connection: Connection,
	session: Session,
	cmd: AckCommand,
	messageId: number,
	reasonCode: number,
	text: string | undefined,
): void {
	const { version } = connection;
	let bytes = encodeAck(cmd, messageId, reasonCode, version);
	if (text !== undefined && version === 5 && connection.problemInformation) {
		const explained = encodeAck(cmd, messageId, reasonCode, version, { reasonString: text });
		if (explained.length <= connection.maximumPacketSize) bytes = explained;
	}
	// Nothing is to become durable for a refusal; and when nothing can, it would wait for ever.
	if (reasonCode >= 0x80 && !broker.isStoreAvailable) send(broker, connection, bytes);
	else sendWhenDurable(broker, connection, session, bytes);
}
