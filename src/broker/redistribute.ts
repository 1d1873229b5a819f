import type { Broker } from "./broker.ts";
import { leftQueue } from "./deliver.ts";
import type { Delivery } from "./delivery.ts";
import { endFlight } from "./flight.ts";
import { deliverShared } from "./publish.ts";
import type { Session } from "./session.ts";
import { unstoreDelivery } from "./storage.ts";

/**
 * A member of shared subscriptions has left: what it did not acknowledge goes to other members. QoS 2 messages that it
 * may have received stay with it, or are lost with its session [MQTT-4.8.2-4], [MQTT-4.8.2-5]. While its session lives
 * on, only members that are connected take over.
 */
export function redistribute(broker: Broker, session: Session, sessionEnds: boolean): void {
	const canLeave = (delivery: Delivery): boolean => hasTaker(broker, session, delivery, sessionEnds);
	for (const record of [...session.inflight.values()]) {
		if (record.qos === 2 || !canLeave(record.message)) continue;
		handOver(broker, record.message);
		endFlight(broker, session, record);
	}
	for (const delivery of session.queue.takeReliable(canLeave)) {
		leftQueue(broker, delivery);
		handOver(broker, delivery);
		unstoreDelivery(broker, session, delivery); // last, so that the message stays in the store
	}
}

function hasTaker(broker: Broker, session: Session, delivery: Delivery, sessionEnds: boolean): boolean {
	if (delivery.share === undefined) return false;
	return sessionEnds || broker.routes.group(delivery.share)?.hasConnected(session) === true;
}

function handOver(broker: Broker, delivery: Delivery): void {
	const group = delivery.share === undefined ? undefined : broker.routes.group(delivery.share);
	if (group !== undefined) deliverShared(broker, group, delivery.message);
}
