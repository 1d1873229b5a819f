import type { Broker } from "./broker.ts";
import type { Connection } from "./connection.ts";
import type { Session } from "./session.ts";

/** Sends a packet that need not wait for anything. */
export function send(broker: Broker, connection: Connection, bytes: Uint8Array): void {
	connection.output.push(bytes);
	broker.stats.packetsSent++;
	broker.actions.touch(connection);
}

/**
 * Sends a packet once everything is durable that was written on behalf of the session up to now. Packets sent this
 * way keep their order.
 */
export function sendWhenDurable(broker: Broker, connection: Connection, session: Session, bytes: Uint8Array): void {
	if (session.batch <= broker.journal.committed) {
		send(broker, connection, bytes);
		return;
	}
	connection.gated.push({ batch: session.batch, bytes });
	if (isPuback(bytes)) connection.pubacksWaiting++;
	broker.waiting.add(connection);
}

/** Makes the next acknowledgement to the session's client wait for what was written since `count` was read. */
export function awaitWrites(broker: Broker, session: Session, count: number): void {
	if (broker.journal.count !== count) session.batch = broker.journal.open;
}

/** Sends nothing more on the connection until what was written up to now is durable. */
export function hold(broker: Broker, connection: Connection): void {
	connection.isHeld = true;
	connection.holdUntil = broker.journal.open;
	broker.waiting.add(connection);
}

/** Sends what is held back, durable or not. */
export function unhold(broker: Broker, connection: Connection): void {
	connection.isHeld = false;
	broker.actions.touch(connection);
}

/** Lets go what waited for the batches that are durable by now. */
export function releaseCommitted(broker: Broker): void {
	for (const connection of broker.waiting) {
		release(broker, connection, broker.journal.committed);
		if (connection.gated.size === 0 && !connection.isHeld) broker.waiting.delete(connection);
	}
}

function release(broker: Broker, connection: Connection, committed: number): void {
	if (connection.isHeld && connection.holdUntil <= committed) unhold(broker, connection);
	for (
		let next = connection.gated.first;
		next !== undefined && next.batch <= committed;
		next = connection.gated.first
	) {
		connection.gated.shift();
		if (isPuback(next.bytes)) connection.pubacksWaiting--;
		send(broker, connection, next.bytes);
	}
}

/** Whether the packet is a PUBACK or a PUBREC. */
export function isAckOfPublish(bytes: Uint8Array): boolean {
	return isPuback(bytes) || (bytes[0] as number) >> 4 === 5;
}

function isPuback(bytes: Uint8Array): boolean {
	return (bytes[0] as number) >> 4 === 4;
}
