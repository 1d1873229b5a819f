/** What the core asks of its pump, to be done in order. */
export type ClientAction =
	/** Open the transport; answer with `onOpened` or `onClosed`. */
	| { readonly kind: "open" }
	| { readonly kind: "send"; readonly bytes: Uint8Array }
	/** Close the transport after what was sent; not answered. */
	| { readonly kind: "close" }
	/** False: hold the transport's `received`, if it can; true: go on. */
	| { readonly kind: "reading"; readonly flag: boolean }
	/** Call a function of the application: see `Context.call`. Views of what arrived are valid until actions have run out. */
	| {
			readonly kind: "call";
			readonly what: string;
			readonly callback: (first: unknown, second: unknown) => void;
			readonly first: unknown;
			readonly second: unknown;
	  }
	/** Make durable before the actions that follow; undefined: delete. */
	| { readonly kind: "store"; readonly key: string; readonly value: Uint8Array | undefined }
	/** To be logged. */
	| { readonly kind: "warn"; readonly message: string; readonly fields: LogFields | undefined };

export type LogFields = Readonly<Record<string, string | number | boolean>>;
