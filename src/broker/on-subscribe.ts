import {
	encode,
	ProtocolError,
	type QoS,
	REASON,
	type SubscribePacket,
	type Subscription as SubscriptionRequest,
} from "../codec/index.ts";
import { parseFilter } from "../topic/index.ts";
import { assertAnswerFits } from "./answer-size.ts";
import type { Broker } from "./broker.ts";
import type { CloseReason } from "./close.ts";
import type { Connection } from "./connection.ts";
import { awaitWrites, sendWhenDurable } from "./gates.ts";
import { pump } from "./pump.ts";
import { Replay } from "./replay.ts";
import type { Session } from "./session.ts";
import type { Subscription } from "./subscription.ts";
import { subscribe } from "./subscriptions.ts";
import { countDepth, filterFault } from "./topic-fault.ts";

/** Adds subscriptions, each granted or refused on its own [MQTT-3.8.4-5]. */
export function onSubscribe(
	broker: Broker,
	connection: Connection,
	session: Session,
	{ messageId, subscriptions, properties }: SubscribePacket,
): void {
	assertAnswerFits(connection, subscriptions.length);
	const writes = broker.journal.count;
	const identifier = properties?.subscriptionIdentifier;
	const granted = subscriptions.map((request) => {
		const refusal = refusalOf(broker, session, request);
		if (refusal !== undefined) return refusalCode(connection, request, refusal.reasonCode);
		return grant(broker, session, request, identifier);
	});
	awaitWrites(broker, session, writes);
	sendWhenDurable(broker, connection, session, encode({ cmd: "suback", messageId, granted }, connection.version));
	pump(broker, session, connection); // retained messages follow at once, as far as there is room for them
}

/** Why it is refused, with a reason code of MQTT 5, or undefined. Whoever runs the broker is told. */
function refusalOf(broker: Broker, session: Session, request: SubscriptionRequest): CloseReason | undefined {
	const { topic } = request;
	const denial = denialOf(broker, session, request);
	if (denial !== undefined) broker.denials.report(session, broker.now, "subscribe", topic, denial);
	if (denial !== undefined || session.subscriptions.size < broker.limits.subscriptionsPerClient) return denial;
	if (session.subscriptions.has(topic)) return undefined;
	const message = `The client has ${session.subscriptions.size} subscriptions.`;
	broker.episodes.hit("subscriptions", broker.now, message, session.clientId);
	return { reasonCode: REASON.QUOTA_EXCEEDED, message };
}

function denialOf(broker: Broker, session: Session, { topic, qos, nl }: SubscriptionRequest): CloseReason | undefined {
	const fault = filterFault(topic, broker.limits.topicLevels);
	if (fault !== undefined) {
		countDepth(broker, topic, session.clientId);
		return { reasonCode: REASON.TOPIC_FILTER_INVALID, message: `The filter ${fault}.` };
	}
	const { group, filter } = parseFilter(topic);
	if (group !== undefined && nl === true) {
		throw new ProtocolError(REASON.PROTOCOL_ERROR, "A shared subscription has No Local."); // [MQTT-3.8.3-4]
	}
	const right = broker.access.authorizeSubscribe(session, filter, qos);
	if (right === true) return undefined;
	const reasonCode = right === false || right < REASON.UNSPECIFIED_ERROR ? REASON.NOT_AUTHORIZED : right;
	return { reasonCode, message: "The client may not subscribe to this filter." };
}

/** 3.1.1 knows one code for every failure. 3.1 knows none: it gets the QoS that it asked for, and no messages. */
function refusalCode({ version }: Connection, request: SubscriptionRequest, reasonCode: number): number {
	if (version === 5) return reasonCode;
	return version === 4 ? 0x80 : request.qos;
}

/** The QoS of the new subscription. */
function grant(broker: Broker, session: Session, request: SubscriptionRequest, identifier: number | undefined): QoS {
	const previous = session.subscriptions.get(request.topic);
	const isShared = parseFilter(request.topic).group !== undefined;
	const isReplayed = !isShared && wantsRetained(request, previous !== undefined) && broker.retained.size > 0;
	const qos = Math.min(request.qos, broker.limits.maxQos) as QoS;
	const subscription: Subscription = {
		session,
		filter: request.topic,
		qos,
		noLocal: request.nl ?? false,
		retainAsPublished: request.rap ?? false,
		identifier,
		number: previous?.number ?? session.nextNumber(),
		replaying: isReplayed,
	};
	subscribe(broker, subscription);
	if (isReplayed) addReplay(broker, session, subscription);
	const { clientId } = session;
	broker.actions.event({ kind: "subscribed", clientId, filter: request.topic, qos });
	return qos;
}

function addReplay(broker: Broker, session: Session, subscription: Subscription): void {
	const { replays, subscriptions } = session;
	// A client that subscribes again and again, and does not read, must not pile up what nobody wants any more.
	if (replays.size >= 2 * broker.limits.subscriptionsPerClient) {
		replays.extract(({ subscription: old }) => subscriptions.get(old.filter) !== old);
	}
	replays.push(new Replay(subscription));
}

/** [MQTT-3.3.1-9], [MQTT-3.3.1-10], [MQTT-3.3.1-11] Retain Handling. */
function wantsRetained({ rh }: SubscriptionRequest, existed: boolean): boolean {
	return rh === undefined || rh === 0 || (rh === 1 && !existed);
}
