import type { LogLevel } from "../ports/index.ts";
import type { ClientError } from "./errors.ts";
import type { Message, MessageHandler, PublishDone, StreamHandler, StreamStart, SubscribeDone } from "./message.ts";
import type { Relay } from "./relay.ts";
import type { ClientState } from "./state.ts";

/** What the core asks of its pump, to be done in order. */
export type ClientAction =
	/** Open the transport; answer with `opened` or `closed`. */
	| { readonly kind: "open" }
	| { readonly kind: "send"; readonly bytes: Uint8Array }
	/** Close the transport after what was sent; not answered. */
	| { readonly kind: "close" }
	/** False: hold the transport's `received`, if it can; true: go on. */
	| { readonly kind: "reading"; readonly flag: boolean }
	| { readonly kind: "state"; readonly state: ClientState }
	/** Call each handler. The payload is a view, valid until the next call of the core. */
	| { readonly kind: "message"; readonly message: Message; readonly handlers: readonly MessageHandler[] }
	| { readonly kind: "relay"; readonly relay: Relay; readonly cmd: "pubrel" | "pubcomp"; readonly messageId: number }
	| { readonly kind: "streamBegin"; readonly start: StreamStart; readonly handlers: readonly StreamHandler[] }
	| {
			readonly kind: "streamChunk";
			readonly bytes: Uint8Array;
			readonly offset: number;
			readonly handlers: readonly StreamHandler[];
	  }
	| { readonly kind: "streamEnd"; readonly complete: boolean; readonly handlers: readonly StreamHandler[] }
	| { readonly kind: "published"; readonly done: PublishDone; readonly error: ClientError | undefined }
	| {
			readonly kind: "subscribed";
			readonly done: SubscribeDone;
			readonly error: ClientError | undefined;
			readonly granted: number | undefined;
	  }
	/** Make durable before the actions that follow. */
	| { readonly kind: "save"; readonly key: string; readonly value: Uint8Array }
	| { readonly kind: "forget"; readonly key: string }
	| { readonly kind: "log"; readonly level: LogLevel; readonly message: string; readonly fields?: LogFields };

export type LogFields = Readonly<Record<string, string | number | boolean>>;
