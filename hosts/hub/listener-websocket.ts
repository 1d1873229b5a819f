import { createServer, type IncomingMessage, type Server, STATUS_CODES } from "node:http";
import type { Socket } from "node:net";
import type { Duplex } from "node:stream";
import { WebSocketServer } from "ws";
import { answerPage } from "./http-page.ts";
import { describePeer, type Listener, type ListenerContext, listen } from "./listener.ts";
import { CONNECTION_LIMITS } from "./socket-connection.ts";
import { WebSocketConnection } from "./websocket-connection.ts";

/** In order of preference. The second is what clients of MQTT 3.1 ask for. */
const SUBPROTOCOLS = ["mqtt", "mqttv3.1"] as const;
const PROBE_AFTER = 600_000;
/** Milliseconds that a peer has for the head of its HTTP request. */
const REQUEST_TIMEOUT = 10_000;
/** Bytes of a frame beyond the longest packet: frames may hold several packets. */
const FRAME_SLACK = 65_536;

/** Listens for MQTT over WebSocket (MQTT 5 section 6), and shows a page to browsers. Throws `ListenError`. */
export async function listenWebSocket(context: ListenerContext): Promise<Listener> {
	const server = createServer({
		noDelay: true,
		keepAlive: true,
		keepAliveInitialDelay: PROBE_AFTER,
		headersTimeout: REQUEST_TIMEOUT,
		connectionsCheckingInterval: REQUEST_TIMEOUT / 2,
		requestTimeout: REQUEST_TIMEOUT,
	});
	server.on("request", answerPage);
	attachWebSocket(server, context);
	const address = await listen(server, context);
	return { address, close: () => closeServer(server) };
}

/** Takes the WebSocket upgrades of an HTTP server. */
function attachWebSocket(server: Server, context: ListenerContext): void {
	const webSockets = new WebSocketServer({
		noServer: true,
		clientTracking: false,
		perMessageDeflate: false,
		autoPong: false,
		maxPayload: context.maxPacket + FRAME_SLACK,
		handleProtocols: (offered) => SUBPROTOCOLS.find((protocol) => offered.has(protocol)) ?? false,
	});
	server.on("upgrade", (request: IncomingMessage, stream: Duplex, head: Buffer) => {
		const socket = stream as Socket; // an http.Server's connections are sockets
		if (!offersMqtt(request)) return refuse(socket);
		webSockets.handleUpgrade(request, socket, head, (webSocket) => {
			context.accept(new WebSocketConnection(webSocket, socket, CONNECTION_LIMITS), describePeer(socket, context));
		});
	});
}

/** A client must offer a subprotocol [MQTT-6.0.0-3]; one that offers none at all is let in, as other brokers do. */
function offersMqtt(request: IncomingMessage): boolean {
	const offered = request.headers["sec-websocket-protocol"];
	if (offered === undefined) return true;
	return offered.split(",").some((name) => (SUBPROTOCOLS as readonly string[]).includes(name.trim()));
}

function refuse(socket: Socket): void {
	socket.on("error", () => undefined); // the peer may be gone already
	const text = `this server speaks the WebSocket subprotocols ${SUBPROTOCOLS.join(" and ")}\n`;
	socket.once("finish", () => socket.destroy());
	socket.end(
		`HTTP/1.1 400 ${STATUS_CODES[400]}\r\nConnection: close\r\nContent-Type: text/plain; charset=utf-8\r\n` +
			`Content-Length: ${Buffer.byteLength(text)}\r\n\r\n${text}`,
	);
}

function closeServer(server: Server): void {
	server.close();
	server.closeAllConnections(); // the pages' connections; those upgraded to WebSocket are not among them
}
