import { encodeDisconnect, REASON } from "../codec/index.ts";
import type { Millis } from "../ports/index.ts";
import type { Context } from "./context.ts";
import { ClientError } from "./errors.ts";
import { leaveConnection } from "./leave.ts";
import type { DisconnectReason } from "./state.ts";

/** What is owed is written within this time after `end`, or never. */
const FLUSH_TIMEOUT: Millis = 5_000;

/** Begins to end. `drain`: how long everything in the outbox may take to be acknowledged; undefined: do not wait for that. */
export function beginEnd(context: Context, drain: Millis | undefined): void {
	if (context.phase === "idle") {
		finish(context, undefined);
		return;
	}
	context.ending = drain === undefined ? "flush" : "drain";
	context.deadlines.set("end", context.now + (drain ?? FLUSH_TIMEOUT));
	if (drain === undefined && context.phase !== "online") finish(context, undefined);
}

/** Whether all that the end waits for is done. */
export function isDrained({ ending, wire, outgoing, requests, phase, listen }: Context): boolean {
	if (ending === "visit") {
		const isQuiet = listen === 0 && !wire.hasInput && wire.isFlushed;
		return phase === "online" && isQuiet && requests.isIdle && outgoing.isIdle;
	}
	if (ending === "drain") return outgoing.isIdle && wire.isFlushed;
	return ending === "flush" && outgoing.outbox.waitingLossy === 0 && wire.isFlushed;
}

/** Ends: says DISCONNECT if there is someone to say it to, so that the will does not fire, and settles everything. */
export function finish(context: Context, reason: DisconnectReason | undefined): void {
	const { phase, wire, deadlines, outgoing } = context;
	if (phase === "online" && wire.writable && !wire.isMidPacket) {
		context.emit({
			kind: "send",
			bytes: encodeDisconnect({ cmd: "disconnect", reasonCode: REASON.SUCCESS }, wire.version),
		});
	}
	if (phase === "opening" || phase === "connecting" || phase === "online") context.emit({ kind: "close" });
	leaveConnection(context);
	deadlines.clear("reconnect");
	deadlines.clear("expiry");
	deadlines.clear("end");
	outgoing.end(new ClientError("ended", "The client was ended."));
	context.requests.end(new ClientError("ended", "The client was ended."));
	context.backoff.reset();
	context.ending = "no";
	context.listen = 0;
	context.wasOnline = false;
	context.enter(reason === undefined ? { kind: "ended" } : { kind: "ended", reason });
}
