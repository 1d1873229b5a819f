import type { Context } from "./context.ts";

/** Tells the handlers of a payload that was arriving in pieces that no more will come. */
export function endStream(context: Context, complete: boolean): void {
	const { stream } = context.incoming;
	if (stream === undefined) return;
	context.incoming.stream = undefined;
	if (stream.handlers.length > 0) context.emit({ kind: "streamEnd", complete, handlers: stream.handlers });
}
