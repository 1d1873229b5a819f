import { type DecodedPacket, ProtocolError, REASON, UnsupportedVersionError } from "../codec/index.ts";
import { type BlockReason, blockIfBehind, pauseIfSending, readOn, unblock } from "./backpressure.ts";
import type { Broker } from "./broker.ts";
import { disconnect } from "./close.ts";
import type { Connection } from "./connection.ts";
import { foreignProtocol } from "./foreign-protocol.ts";
import { handle } from "./handle.ts";
import { refuse, refuseVersion, turnAway } from "./refuse.ts";

/** Takes received bytes: handles their packets now, or keeps them while the connection may not be read from. */
export function receive(broker: Broker, connection: Connection, bytes: Uint8Array): void {
	connection.lastReceived = broker.now;
	broker.stats.bytesReceived += bytes.length;
	connection.inbox.push(bytes);
	connection.inboxBytes += bytes.length;
	consume(broker, connection, bytes);
	if (connection.phase === "closed") return;
	pauseIfSending(broker, connection);
	if (connection.inboxBytes <= broker.limits.inboxBytes) return;
	const message = `${connection.inboxBytes} bytes were sent while the connection was not read from.`;
	broker.episodes.hit("inbox", broker.now, message, connection.session?.clientId);
	fail(broker, connection, new ProtocolError(REASON.QUOTA_EXCEEDED, message));
}

/** Takes away one reason not to read. If it was the last one, what waits is handled, and then there may be more. */
export function resume(broker: Broker, connection: Connection, reason: BlockReason): void {
	if (connection.phase === "closed" || !unblock(connection, reason)) return;
	consume(broker, connection);
	// What waited may have blocked it again: until all of it is handled, more would only pile up.
	if (broker.connections.has(connection.id)) readOn(broker, connection);
}

/**
 * Handles what has arrived, as far as the connection may be read from. Whatever goes wrong ends this connection only.
 * `bytes`: the last that came, if any have.
 */
export function consume(broker: Broker, connection: Connection, bytes?: Uint8Array): void {
	try {
		while (connection.blocked === 0 && connection.phase !== "closed" && handleNext(broker, connection));
	} catch (error) {
		const isStranger = error instanceof ProtocolError && connection.phase === "awaitingConnect";
		const foreign = isStranger && bytes !== undefined ? foreignProtocol(bytes) : undefined;
		fail(broker, connection, foreign === undefined ? error : new ProtocolError(REASON.MALFORMED_PACKET, foreign));
	}
}

/** False: there is no further packet yet. */
function handleNext(broker: Broker, connection: Connection): boolean {
	const packet = nextPacket(broker, connection);
	if (packet !== undefined) {
		handle(broker, connection, packet);
		blockIfBehind(broker, connection);
		return true;
	}
	const chunk = connection.inbox.shift();
	if (chunk === undefined) return false;
	connection.inboxBytes -= chunk.length;
	connection.decoder.push(chunk);
	return true;
}

function nextPacket(broker: Broker, { decoder }: Connection): DecodedPacket | undefined {
	try {
		return decoder.next();
	} catch (error) {
		if (error instanceof ProtocolError) countLimit(broker, error);
		throw error;
	}
}

/** The decoder's limits are told by the reason for which the connection ends. */
function countLimit({ episodes }: Broker, { reasonCode }: ProtocolError): void {
	if (reasonCode === REASON.PACKET_TOO_LARGE) episodes.count("packetSize");
	else if (reasonCode === REASON.QUOTA_EXCEEDED) episodes.count("userProperties");
}

function fail(broker: Broker, connection: Connection, error: unknown): void {
	if (connection.phase === "closed") return;
	const reason = reasonOf(broker, connection, error);
	if (connection.session !== undefined) {
		// DISCONNECT has no 0x84; that there is a second CONNECT at all is the error [MQTT-3.1.0-2].
		const isConnect = error instanceof UnsupportedVersionError;
		disconnect(broker, connection, isConnect ? { ...reason, reasonCode: REASON.PROTOCOL_ERROR } : reason);
	} else if (error instanceof UnsupportedVersionError) refuseVersion(broker, connection, error);
	// MQTT 5 section 3.1.4 allows an answer to a broken CONNECT; what is no CONNECT gets none.
	else if (connection.connect !== undefined) refuse(broker, connection, reason);
	else turnAway(broker, connection, reason);
}

function reasonOf(broker: Broker, connection: Connection, error: unknown): { reasonCode: number; message: string } {
	if (error instanceof ProtocolError) {
		broker.stats.protocolErrors++;
		return { reasonCode: error.reasonCode, message: error.message }; // not the error: its message is not enumerable
	}
	// An error of ours, not of the client's. It costs this client its connection, and nobody else theirs.
	const message = error instanceof Error ? (error.stack ?? error.message) : String(error);
	broker.actions.event({ kind: "fault", connection: connection.id, message });
	return { reasonCode: REASON.IMPLEMENTATION_SPECIFIC_ERROR, message: "The broker has an internal error." };
}
