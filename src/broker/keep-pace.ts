import { block } from "./backpressure.ts";
import type { Broker } from "./broker.ts";
import { BLOCKED_BY, type Connection } from "./connection.ts";
import { Pace } from "./pace.ts";

/** Stops reading for a while from a client that has published its share: what it sends waits, and nobody else does. */
export function keepPace(broker: Broker, connection: Connection): void {
	const { messagesPerSecond } = broker.limits;
	if (messagesPerSecond === Number.POSITIVE_INFINITY) return;
	connection.pace ??= new Pace(messagesPerSecond, broker.now);
	const { pace } = connection;
	const wait = pace.take(messagesPerSecond, broker.now);
	if (wait === 0) return;
	block(connection, BLOCKED_BY.PACE);
	broker.deadlines.set(connection.paceTimer, broker.now + wait);
	broker.episodes.count("messagesPerSecond");
	if (!pace.held(broker.now)) return;
	const message = `More than ${messagesPerSecond} messages a second: it is read from more slowly.`;
	broker.episodes.report("messagesPerSecond", message, connection.session?.clientId);
}
