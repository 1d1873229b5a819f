import type { PublishBegin, PublishChunk } from "../codec/index.ts";
import type { Context } from "./context.ts";
import { endStream, tellStream } from "./incoming.ts";
import type { StreamStart } from "./message.ts";
import { acknowledge, exceeded, resolveTopic } from "./on-publish.ts";

/** A PUBLISH begins whose payload is too long to be held: its pieces go to stream handlers. */
export function onPublishBegin(context: Context, begin: PublishBegin): void {
	const received = context.received;
	const messageId = begin.qos === 2 ? begin.messageId : undefined;
	const topic = resolveTopic(context, begin);
	if (topic === undefined) return;
	const repeated = messageId !== undefined && received.has(messageId);
	if (messageId !== undefined && !repeated && received.size >= received.limit) {
		exceeded(context);
		return;
	}
	const handlers = repeated ? [] : context.subscriptions.routeOf(topic, begin).streams;
	context.incoming.stream = { header: begin, handlers };
	if (handlers.length > 0) {
		const start: StreamStart = topic === begin.topic ? begin : { ...begin, topic };
		tellStream(context, handlers, (handler) => handler.begin(start));
	} else if (!repeated) reportOversize(context, topic, begin.length);
}

// It is acknowledged all the same: a broker would send it again and again, with the same end.
function reportOversize(context: Context, topic: string, length: number): void {
	if (context.incoming.reportedOversize) return;
	context.incoming.reportedOversize = true;
	const text =
		`A message of ${length} bytes was skipped: payloads of more than ${context.settings.limits.streamAbove} bytes ` +
		"need a stream handler. This is said once on a connection.";
	context.warn(text, { topic, length });
}

/** A piece of a PUBLISH that is too long to be held. The last one is acknowledged. */
export function onPublishChunk(context: Context, { bytes, offset, end }: PublishChunk): void {
	const stream = context.incoming.stream;
	if (stream === undefined) return;
	const header = stream.header;
	tellStream(context, stream.handlers, (handler) => handler.chunk(bytes, offset));
	if (!end) return;
	if (header.qos === 2 && header.messageId !== undefined) {
		// Only now: a message that was interrupted is to come again.
		if (context.received.receive(header.messageId) === "first") context.saveReceived();
	}
	endStream(context, true);
	acknowledge(context, header);
}
