import { createServer } from "node:net";
import { describePeer, type Listener, type ListenerContext, listen } from "./listener.ts";
import { CONNECTION_LIMITS } from "./socket-connection.ts";
import { TcpConnection } from "./tcp-connection.ts";

/** Milliseconds of silence before the kernel asks whether a peer is still there, for clients whose keep alive is off. */
const PROBE_AFTER = 600_000;

/** Listens for MQTT directly over TCP. Throws `ListenError`. */
export async function listenTcp(context: ListenerContext): Promise<Listener> {
	const server = createServer({ noDelay: true, keepAlive: true, keepAliveInitialDelay: PROBE_AFTER }, (socket) => {
		context.accept(new TcpConnection(socket, CONNECTION_LIMITS), describePeer(socket, context));
	});
	return { address: await listen(server, context), close: () => server.close() };
}
