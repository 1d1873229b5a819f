import { createServer, type Server, type TLSSocket } from "node:tls";
import type { ConnectionInfo } from "../../src/broker/index.ts";
import { describePeer, ListenError, type Listener, type ListenerContext, listen, SOCKET_OPTIONS } from "./listener.ts";
import type { SecureWebSocketListenerOptions, TlsListenerOptions } from "./listener-options.ts";
import { CONNECTION_LIMITS } from "./socket-connection.ts";
import { TcpConnection } from "./tcp-connection.ts";
import {
	CredentialsError,
	HandshakeDeadlines,
	type HandshakeError,
	handshakeFault,
	LiveCredentials,
	peerCertificate,
	serverOptions,
} from "./tls/index.ts";

type SecureContext = ListenerContext<TlsListenerOptions | SecureWebSocketListenerOptions>;

/** Listens for MQTT over TLS. Throws `ListenError`. */
export async function listenTls(context: ListenerContext<TlsListenerOptions>): Promise<Listener> {
	const credentials = openCredentials(context);
	const options = { ...SOCKET_OPTIONS, ...serverOptions(context.options.tls, credentials) };
	const server = createServer(options, (socket) => {
		const info = admitted(socket, context);
		if (info !== undefined) context.accept(new TcpConnection(socket, CONNECTION_LIMITS), info);
	});
	watchHandshakes(server, context);
	const address = await listen(server, context);
	credentials.watch(server);
	return { address, close: closing(server, credentials), reload: () => credentials.reload(server) };
}

/** Reads the listener's certificate. Throws `ListenError`. */
export function openCredentials({ name, options, log }: SecureContext): LiveCredentials {
	try {
		return new LiveCredentials(options.tls, name, log);
	} catch (error) {
		if (!(error instanceof CredentialsError)) throw error;
		throw new ListenError(name, error.message, error);
	}
}

/** What the broker knows about a peer after the handshake. Undefined: its certificate is wrong, and it is cut off. */
export function admitted(socket: TLSSocket, { name, options, dropped }: SecureContext): ConnectionInfo | undefined {
	const peer = describePeer(socket, name, options.type);
	const certificate = peerCertificate(socket);
	if (certificate.kind === "none" || (certificate.kind === "verified" && certificate.name === undefined)) return peer;
	if (certificate.kind === "verified") return { ...peer, certificateName: certificate.name ?? "" };
	socket.on("error", () => undefined); // the peer may be gone already
	socket.destroy();
	dropped(`the client certificate of ${peer.address} is wrong: ${certificate.reason}`);
	return undefined;
}

/** Ends handshakes that fail (an old TLS version, a missing certificate, no TLS at all) or take too long, and tells why. */
export function watchHandshakes(server: Server, { name, options, dropped, connectTimeout }: SecureContext): void {
	const deadlines = new HandshakeDeadlines(server, connectTimeout);
	server.on("tlsClientError", (error: HandshakeError, socket) => {
		const isLate = error.code === "ECONNRESET" && deadlines.takeExpired();
		// Who is gone already has no address any more.
		const address = socket.remoteAddress === undefined ? undefined : describePeer(socket, name, options.type).address;
		dropped(`TLS: ${isLate ? "the handshake took too long" : handshakeFault(error)}`, address);
		socket.destroy();
	});
}

export function closing(server: { close(): unknown }, credentials: LiveCredentials): () => void {
	return () => {
		credentials.close();
		server.close();
	};
}
