import type { PublishChunk } from "../codec/index.ts";
import type { Context } from "./context.ts";
import { acknowledge } from "./on-publish.ts";
import { endStream } from "./stream.ts";

/** A piece of a PUBLISH that is too long to be held. The last one is acknowledged. */
export function onPublishChunk(context: Context, chunk: PublishChunk): void {
	const { stream } = context.incoming;
	if (stream === undefined) return;
	const { handlers, header } = stream;
	const { bytes, offset, end } = chunk;
	if (handlers.length > 0) context.emit({ kind: "streamChunk", bytes, offset, handlers });
	if (!end) return;
	if (header.qos === 2 && header.messageId !== undefined) {
		// Only now: a message that was interrupted is to come again.
		if (context.received.receive(header.messageId) === "first") context.saveReceived();
	}
	endStream(context, true);
	acknowledge(context, header);
}
