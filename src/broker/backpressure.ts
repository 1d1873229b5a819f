import type { Broker } from "./broker.ts";
import { BLOCKED_BY, type Connection } from "./connection.ts";

export type BlockReason = (typeof BLOCKED_BY)[keyof typeof BLOCKED_BY];

/** Stops handling what the connection sends; it waits in the inbox. */
export function block(connection: Connection, reason: BlockReason): void {
	connection.blocked |= reason;
}

/** Has the host stop reading from a blocked connection that goes on sending. */
export function pauseIfSending(broker: Broker, connection: Connection): void {
	if (connection.blocked === 0 || connection.inboxBytes === 0 || connection.isPaused) return;
	connection.isPaused = true;
	broker.actions.push({ kind: "read", connection: connection.id, flag: false });
}

/** Has the host read again from a connection that is blocked no more, and has handled all it sent. */
export function readOn(broker: Broker, connection: Connection): void {
	if (connection.blocked !== 0 || !connection.isPaused) return;
	connection.isPaused = false;
	broker.actions.push({ kind: "read", connection: connection.id, flag: true });
}

/** Takes one reason away. True: it was the last one. */
export function unblock(connection: Connection, reason: BlockReason): boolean {
	if ((connection.blocked & reason) === 0) return false;
	connection.blocked &= ~reason;
	return connection.blocked === 0;
}

/**
 * Stops reading from a client whose packets make more work than the store, or the client itself, takes away. A store
 * that takes nothing at all is another matter: then what would make work for it is refused.
 */
export function blockIfBehind(broker: Broker, connection: Connection): void {
	const isBehind = broker.isStoreAvailable && uncommittedBytes(broker) > broker.limits.uncommittedBytes;
	if (isBehind || (connection.isHeld && connection.isCongested)) {
		block(connection, BLOCKED_BY.STORE);
		broker.behind.add(connection);
	} else if (connection.isCongested) block(connection, BLOCKED_BY.OUTPUT);
}

/** Whether the store has caught up enough for publishers to go on. */
export function hasCaughtUp(broker: Broker): boolean {
	return !broker.isStoreAvailable || uncommittedBytes(broker) <= broker.limits.uncommittedBytes / 2;
}

function uncommittedBytes({ journal, announcements }: Broker): number {
	return journal.uncommittedBytes + announcements.bytes;
}
