import type { BrokerAction } from "./actions.ts";
import type { Broker } from "./broker.ts";
import { pump } from "./pump.ts";

/** The next connection's gathered output, as one action; undefined: no connection has any that may leave. */
export function gather(broker: Broker): BrokerAction | undefined {
	for (let next = broker.actions.shiftTouched(); next !== undefined; next = broker.actions.shiftTouched()) {
		if (next.phase === "closed" || !next.writable || next.isHeld) continue;
		const { session, output } = next;
		if (session !== undefined) pump(broker, session, next);
		if (output.length === 0) continue;
		broker.stats.bytesSent += output.length;
		const chunks = output.take();
		if (session?.hasWork === true) broker.actions.touch(next); // the rest, if the host still takes bytes then
		return { kind: "send", connection: next.id, chunks };
	}
	return undefined;
}
