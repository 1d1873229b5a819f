import type { PublishedMessage } from "./actions.ts";
import type { Broker } from "./broker.ts";

/**
 * Tells the host of a client's message once everything up to the batch is durable, what was sent at QoS 0 at once. To be
 * called only while `announcements.isWanted`, and with a payload that nobody else will write to.
 */
export function announce({ announcements, actions, journal }: Broker, message: PublishedMessage, batch: number): void {
	if (message.qos === 0 || batch <= journal.committed) actions.push({ kind: "published", message });
	else announcements.hold(message, batch);
}

/** Tells the host of what is durable by now. */
export function announceCommitted({ announcements, actions, journal }: Broker): void {
	for (
		let next = announcements.release(journal.committed);
		next !== undefined;
		next = announcements.release(journal.committed)
	) {
		actions.push(next);
	}
}
