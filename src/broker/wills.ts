import type { Will } from "../codec/index.ts";
import { announce } from "./announce.ts";
import type { Broker } from "./broker.ts";
import { Message } from "./message.ts";
import { hasRoomToRetain, retain, route } from "./publish.ts";
import { publishDenial } from "./publish-right.ts";
import { NEVER, type Session } from "./session.ts";
import { storeWill, unstoreWill } from "./storage.ts";

/** Makes this the will of the session's connection. */
export function setWill(broker: Broker, session: Session, will: Will | undefined): void {
	dropWill(broker, session);
	session.will = will;
	storeWill(broker, session);
}

/** Withdraws the will: the client said goodbye [MQTT-3.14.4-3], or came back in time [MQTT-3.1.3-9]. */
export function dropWill(broker: Broker, session: Session): void {
	broker.deadlines.clear(session.willTimer);
	unstoreWill(broker, session);
	session.will = undefined;
}

/** The connection ended without a goodbye: publishes the will after its delay, at the latest when the session ends. */
export function triggerWill(broker: Broker, session: Session): void {
	const delay = session.will?.properties?.willDelayInterval ?? 0;
	if (delay === 0 || !session.isLasting) {
		publishWill(broker, session);
		return;
	}
	const seconds = session.expiryInterval === NEVER ? delay : Math.min(delay, session.expiryInterval);
	broker.deadlines.set(session.willTimer, broker.now + seconds * 1000);
	storeWill(broker, session);
}

/** Publishes the will, if there is one, as the client itself would have done it, with the client's rights. */
export function publishWill(broker: Broker, session: Session): void {
	const will = session.will;
	const writes = broker.journal.count;
	dropWill(broker, session);
	if (will === undefined) return;
	const { topic, payload, qos } = will;
	const denial = publishDenial(broker, session, topic, qos, will.retain);
	if (denial !== undefined) {
		broker.stats.publishRefused++;
		broker.denials.report(session, broker.now, "will", topic, denial);
		return;
	}
	const { willDelayInterval: _, ...given } = will.properties ?? {};
	const properties = broker.passage.enter(topic, given, payload);
	if (properties === false) return;
	const publisher = session.clientId;
	const message = new Message({ topic, payload, qos, retain: will.retain, properties, publisher }, broker.now);
	broker.stats.willsPublished++;
	if (will.retain && hasRoomToRetain(broker, topic, payload.length)) retain(broker, message);
	route(broker, message, session);
	if (broker.announcements.isWanted) {
		announceWill(broker, session, message, broker.journal.count === writes ? 0 : broker.journal.open);
	}
}

function announceWill(broker: Broker, session: Session, message: Message, batch: number): void {
	const { clientId, username } = session;
	const { topic, qos, retain: isRetained } = message;
	const payload = message.payload.slice();
	const properties = Object.keys(message.properties ?? {}).length === 0 ? undefined : message.properties;
	announce(broker, { clientId, username, topic, payload, qos, retain: isRetained, properties, isWill: true }, batch);
}
