import { encode, REASON, type UnsubscribePacket } from "../codec/index.ts";
import { assertAnswerFits } from "./answer-size.ts";
import type { Broker } from "./broker.ts";
import type { Connection } from "./connection.ts";
import { awaitWrites, sendWhenDurable } from "./gates.ts";
import type { Session } from "./session.ts";
import { unsubscribe } from "./subscriptions.ts";

/** Removes subscriptions. What is on its way for them is still delivered [MQTT-3.10.4-3]. */
export function onUnsubscribe(
	broker: Broker,
	connection: Connection,
	session: Session,
	{ messageId, unsubscriptions }: UnsubscribePacket,
): void {
	assertAnswerFits(connection, unsubscriptions.length);
	const writes = broker.journal.count;
	const granted = unsubscriptions.map((filter) => removeOne(broker, session, filter));
	awaitWrites(broker, session, writes);
	sendWhenDurable(broker, connection, session, encode({ cmd: "unsuback", messageId, granted }, connection.version));
}

function removeOne(broker: Broker, session: Session, filter: string): number {
	const subscription = session.subscriptions.get(filter);
	if (subscription === undefined) return REASON.NO_SUBSCRIPTION_EXISTED;
	unsubscribe(broker, subscription);
	broker.actions.event({ kind: "unsubscribed", clientId: session.clientId, filter });
	return REASON.SUCCESS;
}
