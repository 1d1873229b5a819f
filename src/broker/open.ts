import { REASON } from "../codec/index.ts";
import type { ConnectionId, ConnectionInfo } from "./actions.ts";
import type { Broker } from "./broker.ts";
import { Connection } from "./connection.ts";
import { turnAway } from "./refuse.ts";

/** A transport connected: it has its time to send CONNECT, unless there are too many. */
export function openConnection(broker: Broker, id: ConnectionId, info: ConnectionInfo): void {
	const connection = new Connection(id, info, broker.limits, broker.now);
	broker.stats.connectionsTotal++;
	if (broker.isShutDown || broker.connections.size >= broker.limits.connections) {
		turnAway(broker, connection, overload(broker));
		return;
	}
	broker.connections.set(id, connection);
	broker.stats.connections++;
	broker.deadlines.set(connection.lifeTimer, broker.now + broker.limits.connectTimeout);
}

function overload(broker: Broker): { reasonCode: number; message: string } {
	if (broker.isShutDown) return { reasonCode: REASON.SERVER_SHUTTING_DOWN, message: "The broker is shutting down." };
	const message = `There are ${broker.connections.size} connections already.`;
	broker.episodes.hit("connections", broker.now, message);
	return { reasonCode: REASON.QUOTA_EXCEEDED, message };
}
