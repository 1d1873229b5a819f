import { UsageError } from "../../src/codec/index.ts";
import type { Listener, ListenerContext } from "./listener.ts";
import type { ListenerOptions } from "./listener-options.ts";
import { listenTcp } from "./listener-tcp.ts";
import { listenTls } from "./listener-tls.ts";
import { attachWebSocket, listenSecureWebSocket, listenWebSocket } from "./listener-websocket.ts";

/** Opens a listener of whatever type. Throws `ListenError`, and `UsageError` for a type that there is not. */
export function openListener({ options, ...context }: ListenerContext): Listener | Promise<Listener> {
	switch (options.type) {
		case "tcp":
			return listenTcp({ ...context, options });
		case "tls":
			return listenTls({ ...context, options });
		case "ws":
			return listenWebSocket({ ...context, options });
		case "wss":
			return listenSecureWebSocket({ ...context, options });
		case "attached":
			return attachWebSocket({ ...context, options });
		default:
			throw noSuchType(options, context.name);
	}
}

// Reached from JavaScript alone.
function noSuchType(options: never, name: string): UsageError {
	const { type } = options as ListenerOptions;
	return new UsageError(`listener ${name} is of the type ${type}; there are tcp, tls, ws, wss and attached`);
}
