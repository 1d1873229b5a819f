import type { PublishBegin, PublishHeader } from "../codec/index.ts";
import type { Context } from "./context.ts";
import type { StreamHandler } from "./message.ts";

/** A PUBLISH whose payload is arriving in pieces. */
export interface IncomingStream {
	readonly header: PublishBegin;
	/** Empty: nobody takes it, or it was delivered before. */
	readonly handlers: readonly StreamHandler[];
}

/** What a connection remembers of the messages that arrive on it. */
export class Incoming {
	/** Topic names by alias (MQTT 5 section 3.3.2.3.4); undefined: none was set. */
	#aliases: Map<number, string> | undefined;
	stream: IncomingStream | undefined;
	/** Whether a message that was skipped for its length has been reported. */
	reportedOversize = false;

	/** The topic that a PUBLISH means; undefined: it uses an alias over `limit`, or one that was not set. */
	topicOf(header: PublishHeader, limit: number): string | undefined {
		const alias = header.properties?.topicAlias;
		if (alias === undefined) return header.topic;
		if (alias > limit) return undefined; // [MQTT-3.3.2-10]
		if (header.topic === "") return this.#aliases?.get(alias);
		this.#aliases ??= new Map();
		this.#aliases.set(alias, header.topic);
		return header.topic;
	}
}

/** Tells the handlers of a payload that was arriving in pieces that no more will come. */
export function endStream(context: Context, complete: boolean): void {
	const incoming = context.incoming;
	const stream = incoming.stream;
	if (stream === undefined) return;
	incoming.stream = undefined;
	tellStream(context, stream.handlers, (handler) => handler.end(complete));
}

/** Has something told to each handler of a stream. */
export function tellStream(
	context: Context,
	handlers: readonly StreamHandler[],
	tell: (handler: StreamHandler) => void,
): void {
	handlers.forEach((handler) => {
		context.call("stream handler", tell, handler, undefined);
	});
}
