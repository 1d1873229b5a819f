import { createServer } from "node:net";
import { describePeer, type Listener, type ListenerContext, listen, SOCKET_OPTIONS } from "./listener.ts";
import type { TcpListenerOptions } from "./listener-options.ts";
import { CONNECTION_LIMITS } from "./socket-connection.ts";
import { TcpConnection } from "./tcp-connection.ts";

/** Listens for MQTT directly over TCP. Throws `ListenError`. */
export async function listenTcp(context: ListenerContext<TcpListenerOptions>): Promise<Listener> {
	const server = createServer(SOCKET_OPTIONS, (socket) => {
		if (socket.destroyed) return;
		context.accept(new TcpConnection(socket, CONNECTION_LIMITS), describePeer(socket, context.name, "tcp"));
	});
	return { address: await listen(server, context), close: () => server.close() };
}
