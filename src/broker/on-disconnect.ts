import { type DisconnectPacket, ProtocolError, REASON } from "../codec/index.ts";
import type { Broker } from "./broker.ts";
import { ended, hangUp } from "./close.ts";
import type { Connection } from "./connection.ts";
import { turnAway } from "./refuse.ts";
import type { Session } from "./session.ts";
import { setExpiryInterval } from "./sessions.ts";

/** The client takes its leave: with reason code 0 its will is withdrawn [MQTT-3.14.4-3]. */
export function onDisconnect(
	broker: Broker,
	connection: Connection,
	session: Session,
	{ reasonCode, properties }: DisconnectPacket,
): void {
	const expiry = properties?.sessionExpiryInterval;
	if (expiry !== undefined) {
		if (expiry > 0 && session.expiryInterval === 0) {
			throw new ProtocolError(REASON.PROTOCOL_ERROR, "DISCONNECT makes a session last that CONNECT did not.");
		}
		setExpiryInterval(broker, session, Math.min(expiry, broker.limits.sessionExpiry));
	}
	hangUp(broker, connection);
	const message = properties?.reasonString ?? "The client disconnected.";
	ended(broker, connection, { reasonCode, message }, reasonCode === REASON.NORMAL_DISCONNECTION);
}

/** The client gives up an enhanced authentication. */
export function onEarlyDisconnect(broker: Broker, connection: Connection): void {
	const message = "The client disconnected before it was accepted.";
	turnAway(broker, connection, { reasonCode: REASON.NOT_AUTHORIZED, message });
}
