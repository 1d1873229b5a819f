import { createServer, type Server } from "node:http";
import { createServer as createSecureServer, Server as SecureServer } from "node:https";
import type { Socket } from "node:net";
import { TLSSocket } from "node:tls";
import type { ConnectionInfo } from "../../src/broker/index.ts";
import { HTTP_OPTIONS } from "./http-options.ts";
import {
	addressOf,
	describePeer,
	type Listener,
	type ListenerAddress,
	type ListenerContext,
	listen,
} from "./listener.ts";
import type {
	AttachedListenerOptions,
	SecureWebSocketListenerOptions,
	WebSocketListenerOptions,
} from "./listener-options.ts";
import { admitted, openCredentials, watchHandshakes } from "./listener-tls.ts";
import { peerCertificate, serverOptions } from "./tls/index.ts";
import { takeUpgrades } from "./websocket-upgrade.ts";

/** Listens for MQTT over WebSocket (MQTT 5 section 6), and shows a page to browsers. Throws `ListenError`. */
export async function listenWebSocket(context: ListenerContext<WebSocketListenerOptions>): Promise<Listener> {
	const server = createServer(HTTP_OPTIONS, context.answer);
	takeUpgrades(server, context, { identify: (socket) => describePeer(socket, context.name, "ws"), isOurs: true });
	const address = await listen(server, context);
	return { address, close: () => closeServer(server) };
}

/** The same over TLS. Throws `ListenError`. */
export async function listenSecureWebSocket(
	context: ListenerContext<SecureWebSocketListenerOptions>,
): Promise<Listener> {
	const credentials = openCredentials(context);
	const options = { ...HTTP_OPTIONS, ...serverOptions(context.options.tls, credentials) };
	const server = createSecureServer(options, context.answer);
	watchHandshakes(server, context);
	takeUpgrades(server, context, { identify: (socket) => admitted(socket as TLSSocket, context), isOurs: true });
	const address = await listen(server, context);
	credentials.watch(server);
	const close = () => {
		credentials.close();
		closeServer(server);
	};
	return { address, close, reload: () => credentials.reload(server) };
}

/** Takes the upgrades of a server that somebody else opened and will close. */
export function attachWebSocket(context: ListenerContext<AttachedListenerOptions>): Listener {
	const { name, options } = context;
	const { server } = options;
	const transport = server instanceof SecureServer ? "wss" : "ws";
	const identify = (socket: Socket) => {
		if (context.admit(socket)) return { ...describePeer(socket, name, transport), ...certificateNameOf(socket) };
		socket.destroy();
		return undefined;
	};
	const release = takeUpgrades(server, context, { identify, isOurs: false });
	return {
		get address(): ListenerAddress | undefined {
			const address = server.address();
			if (address === null || typeof address === "string") return undefined;
			return addressOf(name, transport, address.address, address.port);
		},
		close: release,
	};
}

/** Whether a wrong certificate may connect at all is for the server's owner to say; here it counts as none. */
function certificateNameOf(socket: Socket): Pick<ConnectionInfo, "certificateName"> {
	const certificate = socket instanceof TLSSocket ? peerCertificate(socket) : undefined;
	return certificate?.kind === "verified" && certificate.name !== undefined
		? { certificateName: certificate.name }
		: {};
}

function closeServer(server: Server): void {
	server.close();
	server.closeAllConnections(); // the pages' connections; those upgraded to WebSocket are not among them
}
