import { REASON } from "../codec/index.ts";
import type { Broker, BrokerTimer } from "./broker.ts";
import { disconnect } from "./close.ts";
import { BLOCKED_BY, type Connection } from "./connection.ts";
import { resume } from "./consume.ts";
import { forgetRetained } from "./publish.ts";
import { refuse, turnAway } from "./refuse.ts";
import { endSession } from "./sessions.ts";
import { publishWill } from "./wills.ts";

/** A row of the table of deadlines is due. */
export function onTimer(broker: Broker, timer: BrokerTimer): void {
	switch (timer.kind) {
		case "life":
			return onLife(broker, timer.owner);
		case "stall":
			return onStall(broker, timer.owner);
		case "pace":
			timer.owner.lastReceived = broker.now; // its signs of life may be among what has waited
			return resume(broker, timer.owner, BLOCKED_BY.PACE);
		case "sessionExpiry":
			broker.stats.sessionsExpired++;
			return endSession(broker, timer.owner);
		case "willDelay":
			return publishWill(broker, timer.owner);
		case "retainedExpiry":
			broker.stats.publishExpired++;
			return forgetRetained(broker, timer.owner.topic);
	}
}

function onLife(broker: Broker, connection: Connection): void {
	if (connection.phase !== "online") {
		broker.episodes.count("connectTimeout");
		const reason = { reasonCode: REASON.MAXIMUM_CONNECT_TIME, message: "The connection was not established in time." };
		if (connection.connect === undefined) turnAway(broker, connection, reason);
		else refuse(broker, connection, { ...reason, reasonCode: REASON.SERVER_BUSY });
		return;
	}
	// The row is not moved for every packet: it fires, and is set again for what was left.
	const due = connection.lastReceived + connection.idleLimit;
	if (due > broker.now) broker.deadlines.set(connection.lifeTimer, due);
	else {
		const message = `Nothing was received for ${connection.idleLimit / 1000} s.`;
		disconnect(broker, connection, { reasonCode: REASON.KEEP_ALIVE_TIMEOUT, message }); // [MQTT-3.1.2-22]
	}
}

function onStall(broker: Broker, connection: Connection): void {
	broker.episodes.count("stallTimeout");
	const message = `The client took no bytes for ${broker.limits.stallTimeout / 1000} s.`;
	const reason = { reasonCode: REASON.QUOTA_EXCEEDED, message };
	if (connection.session === undefined) turnAway(broker, connection, reason);
	else disconnect(broker, connection, reason);
}
