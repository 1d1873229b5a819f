import type { ConnectPacket } from "../codec/index.ts";
import type { Seconds } from "../ports/index.ts";
import type { Broker } from "./broker.ts";
import type { Connection } from "./connection.ts";
import { leftQueue } from "./deliver.ts";
import { redistribute } from "./redistribute.ts";
import { NEVER, Session } from "./session.ts";
import { nextId, storeSession, unstoreSession } from "./storage.ts";
import { unsubscribe } from "./subscriptions.ts";
import { dropWill, publishWill, triggerWill } from "./wills.ts";

/** The session expiry interval of a CONNECT, within the broker's own bound: 3.x says only "clean" or "for ever". */
export function expiryIntervalOf(broker: Broker, connect: ConnectPacket): Seconds {
	const { protocolVersion, clean, properties } = connect;
	const asked = protocolVersion === 5 ? (properties?.sessionExpiryInterval ?? 0) : clean ? 0 : NEVER;
	return Math.min(asked, broker.limits.sessionExpiry);
}

/** A new session, not yet with a connection. */
export function createSession(broker: Broker, connect: ConnectPacket, clientId: string): Session {
	const session = new Session(nextId(broker), clientId, connect.protocolVersion);
	broker.sessions.set(clientId, session);
	broker.stats.sessions = broker.sessions.size;
	return session;
}

/** Binds the session to a connection of its client. What was in flight is to be sent again. */
export function attach(broker: Broker, session: Session, connection: Connection): void {
	session.connection = connection;
	connection.session = session;
	session.info = connection.info;
	session.version = connection.version;
	session.outstanding = 0;
	broker.deadlines.clear(session.expiryTimer);
	for (const record of session.inflight.values()) session.resends.push(record);
	broker.actions.touch(connection);
}

/** The session's connection has ended. What becomes of the will and the session is settled here. */
export function detach(broker: Broker, session: Session, saidGoodbye: boolean): void {
	session.connection = undefined;
	session.resends.clear();
	for (const delivery of session.queue.takeLossy()) leftQueue(broker, delivery);
	if (saidGoodbye) dropWill(broker, session);
	else triggerWill(broker, session);
	if (!session.isLasting) {
		endSession(broker, session);
		return;
	}
	for (const { message: delivery } of session.inflight.values()) delivery.message.own();
	startExpiry(broker, session);
	redistribute(broker, session, false);
}

/** Starts the time after which the session of a client that is away ends. */
export function startExpiry(broker: Broker, session: Session): void {
	if (session.expiryInterval !== NEVER) {
		broker.deadlines.set(session.expiryTimer, broker.now + session.expiryInterval * 1000);
	}
	storeSession(broker, session);
}

/** Changes how long the session outlives its connection. */
export function setExpiryInterval(broker: Broker, session: Session, seconds: Seconds): void {
	if (seconds === 0) unstoreSession(broker, session);
	session.expiryInterval = seconds;
}

/** Ends a session whose client is away: with it go its subscriptions and messages, and its will is published at last. */
export function endSession(broker: Broker, session: Session): void {
	broker.deadlines.clear(session.expiryTimer);
	broker.sessions.delete(session.clientId);
	broker.stats.sessions = broker.sessions.size;
	for (const subscription of [...session.subscriptions.values()]) unsubscribe(broker, subscription);
	publishWill(broker, session); // also if its delay has not passed
	redistribute(broker, session, true);
	unstoreSession(broker, session);
	broker.stats.inflightMessages -= session.inflight.size;
	for (const delivery of session.queue) leftQueue(broker, delivery);
	broker.actions.event({ kind: "sessionEnded", clientId: session.clientId });
}
