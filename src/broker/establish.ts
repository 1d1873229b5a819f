import { type ConnectPacket, encode, REASON } from "../codec/index.ts";
import type { Broker } from "./broker.ts";
import { disconnect } from "./close.ts";
import { acceptance, excessOf, type Identity, keepAliveOf } from "./connack.ts";
import type { Connection } from "./connection.ts";
import { hold, send } from "./gates.ts";
import { refuse, turnAway } from "./refuse.ts";
import type { Session } from "./session.ts";
import { attach, createSession, endSession, expiryIntervalOf, setExpiryInterval } from "./sessions.ts";
import { storeSession } from "./storage.ts";
import { STORE_FULL } from "./store-outage.ts";
import { setWill } from "./wills.ts";

/** Brings an authenticated client online: session, CONNACK, what waited for it. */
export function establish(broker: Broker, connection: Connection, connect: ConnectPacket, identity: Identity): void {
	const writes = broker.journal.count;
	const clientId = connect.clientId === "" ? assignClientId(broker) : connect.clientId;
	const accepted = acceptance(broker, connection, connect, clientId, identity);
	const excess = excessOf(connection, accepted);
	if (excess !== undefined) {
		turnAway(broker, connection, excess);
		return;
	}
	const kept = findSession(broker, connect, clientId, identity.username);
	if (kept === undefined && broker.sessions.size >= broker.limits.sessions) {
		const message = `There are ${broker.sessions.size} sessions already.`;
		broker.episodes.hit("sessions", broker.now, message, clientId);
		refuse(broker, connection, { reasonCode: REASON.QUOTA_EXCEEDED, message });
		return;
	}
	if (kept === undefined && !broker.isStoreAvailable && expiryIntervalOf(broker, connect) > 0) {
		refuse(broker, connection, STORE_FULL);
		return;
	}
	const session = kept ?? createSession(broker, connect, clientId);
	if (session.username !== identity.username) broker.routes.forget(); // rights go by the user name
	session.username = identity.username;
	setExpiryInterval(broker, session, expiryIntervalOf(broker, connect));
	goOnline(broker, connection, connect);
	attach(broker, session, connection);
	storeSession(broker, session);
	setWill(broker, session, ownedWill(connect));
	const sessionPresent = kept !== undefined && connect.protocolVersion > 3;
	send(broker, connection, encode({ ...accepted, sessionPresent }, connect.protocolVersion));
	connection.isSessionNew = kept === undefined && session.isLasting;
	// While the store is full, nobody comes in here for whom it would have to keep something new.
	if (broker.journal.count !== writes && broker.isStoreAvailable) hold(broker, connection);
	reportConnected(broker, connection, session, kept !== undefined);
}

/** The session that the client continues: not one that it wants gone, nor that of another user. */
function findSession(
	broker: Broker,
	connect: ConnectPacket,
	clientId: string,
	username: string | undefined,
): Session | undefined {
	const connected = broker.sessions.get(clientId)?.connection;
	if (connected !== undefined) {
		// [MQTT-3.1.4-3]
		disconnect(broker, connected, { reasonCode: REASON.SESSION_TAKEN_OVER, message: "The client connected anew." });
	}
	const session = broker.sessions.get(clientId);
	if (session === undefined) return undefined;
	// A client id is not a secret: who knows it must not get the messages of another user's session.
	if (!connect.clean && session.isLasting && session.username === username) return session;
	endSession(broker, session); // [MQTT-3.1.2-4]
	return undefined;
}

function goOnline(broker: Broker, connection: Connection, connect: ConnectPacket): void {
	const { limits } = broker;
	connection.phase = "online";
	connection.connect = undefined;
	connection.decoder.maxPacket = connection.maxPacket;
	connection.sendWindow = Math.min(connect.properties?.receiveMaximum ?? 65_535, limits.inflight);
	connection.outgoingAliases.allow(Math.min(connect.properties?.topicAliasMaximum ?? 0, limits.outgoingTopicAliases));
	connection.retainAvailable = limits.retainedMessages > 0;
	connection.keepAlive = keepAliveOf(broker, connect);
	if (connection.keepAlive > 0) broker.deadlines.set(connection.lifeTimer, broker.now + connection.idleLimit);
	else broker.deadlines.clear(connection.lifeTimer);
	broker.stats.clientsConnected++;
	broker.stats.clientsMaximum = Math.max(broker.stats.clientsMaximum, broker.stats.clientsConnected);
}

/** The will outlives the buffer in which CONNECT came. */
function ownedWill({ will }: ConnectPacket): ConnectPacket["will"] {
	return will === undefined ? undefined : { ...will, payload: will.payload.slice() };
}

/** 80 bits: not guessed by accident. */
function assignClientId(broker: Broker): string {
	let id = "auto-";
	for (let part = 0; part < 4; part++) {
		id += Math.floor(broker.random.next() * 2 ** 20)
			.toString(36)
			.padStart(4, "0");
	}
	return broker.sessions.has(id) ? assignClientId(broker) : id;
}

function reportConnected(broker: Broker, connection: Connection, session: Session, sessionPresent: boolean): void {
	const { clientId, username, version } = session;
	broker.actions.event({
		kind: "connected",
		connection: connection.id,
		clientId,
		username,
		version,
		sessionPresent,
		keepAlive: connection.keepAlive,
		info: connection.info,
	});
}
