import { type ConnackProperties, type ConnectPacket, encode, REASON } from "../codec/index.ts";
import type { Seconds } from "../ports/index.ts";
import type { Broker } from "./broker.ts";
import { disconnect } from "./close.ts";
import type { Connection } from "./connection.ts";
import { hold, send } from "./gates.ts";
import { refuse } from "./refuse.ts";
import type { Session } from "./session.ts";
import { attach, createSession, endSession, expiryIntervalOf, setExpiryInterval } from "./sessions.ts";
import { storeSession } from "./storage.ts";
import { STORE_FULL } from "./store-outage.ts";
import { setWill } from "./wills.ts";

/** Who the client is, as the host has found. */
export interface Identity {
	readonly username: string | undefined;
	/** Last data of an enhanced authentication. */
	readonly data: Uint8Array | undefined;
}

/** Brings an authenticated client online: session, CONNACK, what waited for it. */
export function establish(broker: Broker, connection: Connection, connect: ConnectPacket, identity: Identity): void {
	const writes = broker.journal.count;
	const clientId = connect.clientId === "" ? assignClientId(broker) : connect.clientId;
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
	const properties = connack(broker, connection, connect, session, identity);
	const sessionPresent = kept !== undefined && connect.protocolVersion > 3;
	send(
		broker,
		connection,
		encode({ cmd: "connack", sessionPresent, reasonCode: 0, properties }, connect.protocolVersion),
	);
	// A session that was kept is in the store, whatever becomes of this write: a full store need not keep its client away.
	if (broker.journal.count !== writes && (kept === undefined || broker.isStoreAvailable)) hold(broker, connection);
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
	connection.sendWindow = Math.min(connect.properties?.receiveMaximum ?? 65_535, limits.inflight);
	connection.outgoingAliases.allow(Math.min(connect.properties?.topicAliasMaximum ?? 0, limits.outgoingTopicAliases));
	connection.keepAlive = keepAliveOf(broker, connect);
	if (connection.keepAlive > 0) broker.deadlines.set(connection.lifeTimer, broker.now + connection.idleLimit);
	else broker.deadlines.clear(connection.lifeTimer);
	broker.stats.clientsConnected++;
	broker.stats.clientsMaximum = Math.max(broker.stats.clientsMaximum, broker.stats.clientsConnected);
}

/** The keep alive that counts: MQTT 5 lets the server set a shorter one [MQTT-3.1.2-21]. */
function keepAliveOf(broker: Broker, { protocolVersion, keepalive }: ConnectPacket): Seconds {
	const longest = broker.serverKeepAlive;
	if (longest === undefined || protocolVersion < 5) return keepalive;
	return keepalive === 0 ? longest : Math.min(keepalive, longest);
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

/** What CONNACK says of the broker: whatever is not said is the default of the specification. */
function connack(
	broker: Broker,
	connection: Connection,
	connect: ConnectPacket,
	session: Session,
	identity: Identity,
): ConnackProperties {
	if (connect.protocolVersion < 5) return {};
	const { limits } = broker;
	const { keepAlive } = connection;
	const asked = connect.properties;
	const responseInformation =
		asked?.requestResponseInformation === true
			? broker.responseInformation(session.clientId, session.username)
			: undefined; // [MQTT-3.1.2-28]
	return {
		...((asked?.sessionExpiryInterval ?? 0) !== session.expiryInterval && {
			sessionExpiryInterval: session.expiryInterval,
		}),
		receiveMaximum: limits.receiveMaximum,
		...(limits.retainedMessages === 0 && { retainAvailable: false }),
		maximumPacketSize: connection.maxPacket,
		...(connect.clientId === "" && { assignedClientIdentifier: session.clientId }), // [MQTT-3.2.2-16]
		topicAliasMaximum: limits.topicAliases,
		...(keepAlive !== connect.keepalive && { serverKeepAlive: keepAlive }),
		...(responseInformation !== undefined && { responseInformation }),
		...(asked?.authenticationMethod !== undefined && { authenticationMethod: asked.authenticationMethod }),
		...(identity.data !== undefined && { authenticationData: identity.data }),
	};
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
