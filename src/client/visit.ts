import type { Millis } from "../ports/index.ts";
import { beginRound } from "./connection.ts";
import type { Context } from "./context.ts";

/** Begins a visit: connects if need be, and ends when there is nothing more to do, or after `within` ms. */
export function beginVisit(context: Context, within: Millis, listen: Millis): void {
	context.ending = "visit";
	context.listen = listen;
	context.deadlines.set("end", context.now + within);
	if (context.phase === "idle") beginRound(context);
	else if (context.phase === "online" && listen > 0) context.deadlines.set("listen", context.now + listen);
}
