import type { LogLevel } from "../ports/index.ts";
import type { Message, MessageHandler, StreamHandler, StreamStart } from "./message.ts";

/** What the core asks of its pump, to be done in order. */
export type ClientAction =
	/** Open the transport; answer with `onOpened` or `onClosed`. */
	| { readonly kind: "open" }
	| { readonly kind: "send"; readonly bytes: Uint8Array }
	/** Close the transport after what was sent; not answered. */
	| { readonly kind: "close" }
	/** False: hold the transport's `received`, if it can; true: go on. */
	| { readonly kind: "reading"; readonly flag: boolean }
	/** Call each handler. The payload is a view, valid until the next call of the core. */
	| { readonly kind: "message"; readonly message: Message; readonly handlers: readonly MessageHandler[] }
	/** Call the method `event` of each handler: `begin(start)`, `chunk(bytes, offset)` or `end(complete)`. */
	| {
			readonly kind: "stream";
			readonly event: keyof StreamHandler;
			readonly handlers: readonly StreamHandler[];
			readonly first: StreamStart | Uint8Array | boolean;
			readonly second: number | undefined;
	  }
	/** Call a function of the application: see `Context.call`. */
	| {
			readonly kind: "call";
			readonly what: string;
			readonly callback: (first: unknown, second: unknown) => void;
			readonly first: unknown;
			readonly second: unknown;
	  }
	/** Make durable before the actions that follow. */
	| { readonly kind: "save"; readonly key: string; readonly value: Uint8Array }
	| { readonly kind: "forget"; readonly key: string }
	| {
			readonly kind: "log";
			readonly level: LogLevel;
			readonly message: string;
			readonly fields: LogFields | undefined;
	  };

export type LogFields = Readonly<Record<string, string | number | boolean>>;
