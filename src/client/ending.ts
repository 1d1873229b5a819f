import { REASON } from "../codec/index.ts";
import type { Millis } from "../ports/index.ts";
import type { Context } from "./context.ts";
import type { Deadline } from "./deadlines.ts";
import { EMPTY } from "./empty.ts";
import { ClientError } from "./errors.ts";
import { endStream } from "./incoming.ts";
import { saveAll } from "./saved-messages.ts";
import type { DisconnectReason } from "./state.ts";

/** What is owed is written within this time after `end`, or never. */
const FLUSH_TIMEOUT: Millis = 5_000;
/** What is waited for on a connection, and no longer than it. */
const OF_CONNECTION: readonly Deadline[] = ["connect", "keepalive", "stable", "turn", "listen"];

/**
 * Begins to end, after what is queued at QoS 0 was written; with `drain`, after everything was acknowledged, or that many
 * ms have passed.
 */
export function end(context: Context, drain: Millis | undefined): void {
	context.ending = drain === undefined ? "flush" : "drain";
	context.arm("end", drain ?? FLUSH_TIMEOUT);
	if (context.phase === "idle" || (drain === undefined && context.phase !== "online")) finish(context, undefined);
}

/** Whether all that the end waits for is done. */
export function isDrained(context: Context): boolean {
	const wire = context.wire;
	const outbox = context.outgoing.outbox;
	const isOnline = context.phase === "online";
	// A transport that is full has no room for DISCONNECT either.
	if (!wire.isFlushed || (isOnline && !wire.writable)) return false;
	if (context.ending === "flush") return outbox.waitingLossy === 0;
	if (outbox.size > 0) return false;
	return context.ending === "drain" || (isOnline && context.listen === 0 && !wire.hasInput && context.requests.isIdle);
}

/** Ends: says DISCONNECT if there is someone to say it to, so that the will does not fire, and settles everything. */
export function finish(context: Context, reason: DisconnectReason | undefined): void {
	if (context.phase === "online") context.disconnect(REASON.SUCCESS);
	if (context.hasTransport) context.emit({ kind: "close" });
	leaveConnection(context);
	context.deadlines.clearAll();
	const error = new ClientError("ended", "The client was ended.");
	context.outgoing.end(error);
	context.requests.end(error);
	context.backoff.reset();
	context.ending = "no";
	context.listen = 0;
	context.wasOnline = false;
	const waiting = context.whenEnded;
	context.whenEnded = EMPTY;
	waiting.forEach((told) => {
		context.call("end", told, reason, undefined);
	});
	context.enter({ kind: "ended", reason });
}

/** Forgets what belongs to a connection; what outlives it waits for the next one. */
export function leaveConnection(context: Context): void {
	OF_CONNECTION.forEach((deadline) => {
		context.deadlines.clear(deadline);
	});
	endStream(context, false);
	saveAll(context);
	context.wire.close();
	context.outgoing.offline();
	context.requests.offline();
	context.phase = "idle";
}
