import { encode, REASON } from "../codec/index.ts";
import type { Broker } from "./broker.ts";
import type { Connection } from "./connection.ts";
import { detach } from "./sessions.ts";

/** Why a connection ends. */
export interface CloseReason {
	/** MQTT 5 reason code, whichever version is spoken. */
	readonly reasonCode: number;
	/** For logs, and for MQTT 5 clients as the reason string. */
	readonly message: string;
}

/** Ends an online connection on the broker's part: MQTT 5 clients are told why [MQTT-3.14.0-1]; the will is published. */
export function disconnect(broker: Broker, connection: Connection, reason: CloseReason): void {
	sendDisconnect(broker, connection, reason);
	hangUp(broker, connection);
	ended(broker, connection, reason, false);
}

/** Tells an MQTT 5 client why the connection ends; 3.x has no words for it. */
export function sendDisconnect(broker: Broker, connection: Connection, { reasonCode, message }: CloseReason): void {
	// Not the decoder's version, which a second CONNECT can have changed.
	if ((connection.session?.version ?? connection.version) < 5) return;
	const full = encode({ cmd: "disconnect", reasonCode, properties: { reasonString: message } }, 5);
	// [MQTT-3.14.2-3]; without its reason it is shorter than the CONNACK that the client took.
	const bytes = full.length <= connection.maximumPacketSize ? full : encode({ cmd: "disconnect", reasonCode }, 5);
	connection.output.push(bytes);
	broker.stats.packetsSent++;
}

/** Ends an online connection that the client ended: with DISCONNECT, or by closing the transport. */
export function ended(broker: Broker, connection: Connection, reason: CloseReason, saidGoodbye: boolean): void {
	const session = connection.session;
	forget(broker, connection);
	if (session === undefined) return;
	broker.stats.clientsConnected--;
	const { id, info } = connection;
	const { clientId, version } = session;
	const { reasonCode, message } = reason; // it may be an Error, whose message spreading would lose
	broker.actions.event({ kind: "disconnected", connection: id, clientId, version, info, reasonCode, message });
	detach(broker, session, saidGoodbye);
}

/** Sends what was gathered and has the transport closed. */
export function hangUp(broker: Broker, connection: Connection): void {
	// What is held back tells of a session that may not be durable: better no answer than a wrong one.
	const chunks = connection.isHeld ? [] : connection.output.take();
	if (chunks.length > 0) {
		for (const chunk of chunks) broker.stats.bytesSent += chunk.length;
		broker.actions.push({ kind: "send", connection: connection.id, chunks });
	}
	broker.actions.push({ kind: "close", connection: connection.id });
}

/** Removes the connection from all tables. */
export function forget(broker: Broker, connection: Connection): void {
	connection.phase = "closed";
	connection.inbox.clear();
	connection.gated.clear();
	broker.deadlines.clear(connection.lifeTimer);
	broker.deadlines.clear(connection.stallTimer);
	broker.deadlines.clear(connection.paceTimer);
	broker.waiting.delete(connection);
	broker.behind.delete(connection);
	if (broker.connections.delete(connection.id)) broker.stats.connections--;
}

/** The transport ended without a DISCONNECT. */
export const CONNECTION_LOST: CloseReason = {
	reasonCode: REASON.UNSPECIFIED_ERROR,
	message: "The connection ended without a DISCONNECT.",
};
