import type { Context } from "./context.ts";
import { endStream } from "./stream.ts";
import { saveAll } from "./unsaved.ts";

/** Forgets what belongs to a connection; what outlives it waits for the next one. */
export function leaveConnection(context: Context): void {
	const { deadlines } = context;
	for (const deadline of ["open", "connack", "keepalive", "stable", "turn", "listen"] as const)
		deadlines.clear(deadline);
	endStream(context, false);
	saveAll(context);
	context.wire.close();
	context.outgoing.offline();
	context.requests.offline();
	context.phase = "idle";
}
