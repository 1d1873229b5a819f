import { REASON } from "../codec/index.ts";
import type { Broker } from "./broker.ts";
import { forget, hangUp, sendDisconnect } from "./close.ts";
import { turnAway } from "./refuse.ts";
import { startExpiry } from "./sessions.ts";

/** Closes every connection; sessions and wills stay as they are in the store. */
export function shutDown(broker: Broker): void {
	broker.isShutDown = true;
	const reason = { reasonCode: REASON.SERVER_SHUTTING_DOWN, message: "The broker is shutting down." };
	for (const connection of [...broker.connections.values()]) {
		const { session, id, info, version } = connection;
		if (session === undefined) {
			turnAway(broker, connection, reason);
			continue;
		}
		sendDisconnect(broker, connection, reason);
		hangUp(broker, connection);
		forget(broker, connection);
		broker.stats.clientsConnected--;
		session.connection = undefined;
		if (session.isLasting) startExpiry(broker, session);
		const { clientId } = session;
		broker.actions.event({ kind: "disconnected", connection: id, clientId, version, info, ...reason });
	}
}
