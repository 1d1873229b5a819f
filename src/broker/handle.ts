import { type DecodedPacket, ProtocolError, REASON } from "../codec/index.ts";
import type { Broker } from "./broker.ts";
import type { Connection } from "./connection.ts";
import { onAuth } from "./on-auth.ts";
import { onConnect } from "./on-connect.ts";
import { onDisconnect, onEarlyDisconnect } from "./on-disconnect.ts";
import { onPingreq } from "./on-pingreq.ts";
import { onPuback } from "./on-puback.ts";
import { onPubcomp } from "./on-pubcomp.ts";
import { onPublish } from "./on-publish.ts";
import { onPubrec } from "./on-pubrec.ts";
import { onPubrel } from "./on-pubrel.ts";
import { onSubscribe } from "./on-subscribe.ts";
import { onUnsubscribe } from "./on-unsubscribe.ts";
import type { Session } from "./session.ts";

/** Hands a packet to its handler. */
export function handle(broker: Broker, connection: Connection, packet: DecodedPacket): void {
	broker.stats.packetsReceived++;
	const { session } = connection;
	if (session !== undefined) handleOnline(broker, connection, session, packet);
	else if (packet.cmd === "connect") onConnect(broker, connection, packet);
	else if (packet.cmd === "auth" && connection.phase === "authenticating") onAuth(broker, connection, packet);
	else if (packet.cmd === "disconnect" && connection.phase === "authenticating") onEarlyDisconnect(broker, connection);
	// [MQTT-3.1.0-1]; and [MQTT-3.1.2-30] nothing but AUTH while an enhanced authentication goes on
	else throw new ProtocolError(REASON.PROTOCOL_ERROR, `${packet.cmd.toUpperCase()} before the connection is accepted.`);
}

function handleOnline(broker: Broker, connection: Connection, session: Session, packet: DecodedPacket): void {
	switch (packet.cmd) {
		case "publish":
			return onPublish(broker, connection, session, packet);
		case "puback":
			return onPuback(broker, session, packet);
		case "pubrec":
			return onPubrec(broker, connection, session, packet);
		case "pubrel":
			return onPubrel(broker, connection, session, packet);
		case "pubcomp":
			return onPubcomp(broker, session, packet);
		case "subscribe":
			return onSubscribe(broker, connection, session, packet);
		case "unsubscribe":
			return onUnsubscribe(broker, connection, session, packet);
		case "pingreq":
			return onPingreq(broker, connection);
		case "disconnect":
			return onDisconnect(broker, connection, session, packet);
		case "auth":
			return onAuth(broker, connection, packet);
		case "connect":
			return onConnect(broker, connection, packet);
		default:
			throw new ProtocolError(REASON.PROTOCOL_ERROR, `A client does not send ${packet.cmd.toUpperCase()}.`);
	}
}
