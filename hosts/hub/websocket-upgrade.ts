import { type IncomingMessage, type Server, STATUS_CODES } from "node:http";
import type { Socket } from "node:net";
import type { Duplex } from "node:stream";
import { WebSocketServer } from "ws";
import type { ConnectionInfo } from "../../src/broker/index.ts";
import type { ListenerContext } from "./listener.ts";
import type {
	AttachedListenerOptions,
	SecureWebSocketListenerOptions,
	WebSocketListenerOptions,
	WebSocketOptions,
} from "./listener-options.ts";
import { CONNECTION_LIMITS } from "./socket-connection.ts";
import { WebSocketConnection } from "./websocket-connection.ts";

/** In order of preference. The second is what clients of MQTT 3.1 ask for. */
const SUBPROTOCOLS = ["mqtt", "mqttv3.1"] as const;
/** Bytes of a message beyond the longest packet: messages may hold several packets. */
const MESSAGE_SLACK = 65_536;

type UpgradeContext = ListenerContext<
	WebSocketListenerOptions | SecureWebSocketListenerOptions | AttachedListenerOptions
>;

export interface UpgradeRules {
	/** Who is at the other end. Undefined: the socket is done with. */
	readonly identify: (socket: Socket) => ConnectionInfo | undefined;
	/** False: upgrades at other paths are somebody else's. */
	readonly isOurs: boolean;
}

/** Takes the WebSocket upgrades of an HTTP server. Gives what ends that. */
export function takeUpgrades(server: Server, context: UpgradeContext, rules: UpgradeRules): () => void {
	let webSockets = serverFor(context.maxPacket() + MESSAGE_SLACK);
	const upgrade = (request: IncomingMessage, stream: Duplex, head: Buffer) => {
		const socket = stream as Socket; // an http.Server's connections are sockets
		if (!rules.isOurs && !isAtPath(request, context.options)) return;
		const refusal = refusalOf(request, context.options);
		if (refusal !== undefined) return refuse(socket, refusal);
		const info = rules.identify(socket);
		if (info === undefined) return;
		const maxPayload = context.maxPacket() + MESSAGE_SLACK;
		if (webSockets.options.maxPayload !== maxPayload) webSockets = serverFor(maxPayload);
		webSockets.handleUpgrade(request, socket, head, (webSocket) => {
			const limits = { ...CONNECTION_LIMITS, maxUntrusted: context.maxConnect() + MESSAGE_SLACK };
			context.accept(new WebSocketConnection(webSocket, socket, limits), info);
		});
	};
	server.on("upgrade", upgrade);
	return () => server.off("upgrade", upgrade);
}

/** What speaks WebSocket. `maxPayload`: bytes of the longest message. */
function serverFor(maxPayload: number): WebSocketServer {
	return new WebSocketServer({
		noServer: true,
		clientTracking: false,
		perMessageDeflate: false,
		autoPong: false,
		maxPayload,
		handleProtocols: (offered) => SUBPROTOCOLS.find((protocol) => offered.has(protocol)) ?? false,
	});
}

interface Refusal {
	readonly status: 400 | 403 | 404;
	readonly text: string;
}

function refusalOf(request: IncomingMessage, options: WebSocketOptions): Refusal | undefined {
	if (!isAtPath(request, options)) return { status: 404, text: `MQTT is at ${options.path}` };
	const { origin } = request.headers;
	if (origin !== undefined && options.origins?.includes(origin) === false) {
		return { status: 403, text: "pages of this origin may not connect" };
	}
	if (offersMqtt(request)) return undefined;
	return { status: 400, text: `this server speaks the WebSocket subprotocols ${SUBPROTOCOLS.join(" and ")}` };
}

function isAtPath({ url }: IncomingMessage, { path }: WebSocketOptions): boolean {
	return path === undefined || url?.split("?", 1)[0] === path;
}

/** A client must offer a subprotocol [MQTT-6.0.0-3]; one that offers none at all is let in, as other brokers do. */
function offersMqtt(request: IncomingMessage): boolean {
	const offered = request.headers["sec-websocket-protocol"];
	if (offered === undefined) return true;
	return offered.split(",").some((name) => (SUBPROTOCOLS as readonly string[]).includes(name.trim()));
}

function refuse(socket: Socket, { status, text }: Refusal): void {
	socket.on("error", () => undefined); // the peer may be gone already
	socket.once("finish", () => socket.destroy());
	socket.end(
		`HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\nConnection: close\r\nContent-Type: text/plain; charset=utf-8\r\n` +
			`Content-Length: ${Buffer.byteLength(text) + 1}\r\n\r\n${text}\n`,
	);
}
