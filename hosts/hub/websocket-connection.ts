import type { Socket } from "node:net";
import type { WebSocket } from "ws";
import { PacketEnds } from "./packet-ends.ts";
import { type ConnectionHandler, type ConnectionLimits, SocketConnection } from "./socket-connection.ts";

/** Bytes. */
const PART = 65_536;
const NORMAL = 1000;
const UNSUPPORTED_DATA = 1003;

export interface WebSocketLimits extends ConnectionLimits {
	/** Bytes of one message that may have come, and not all of them, before the client is accepted. */
	readonly maxUntrusted: number;
}

/** MQTT in the binary frames of a WebSocket; packets and frames need not align (MQTT 5 section 6). */
export class WebSocketConnection extends SocketConnection {
	readonly #webSocket: WebSocket;
	readonly #sent = new PacketEnds();
	readonly #maxUntrusted: number;
	#isPaused = false;
	#isTrusted = false;
	/** Whether a whole message has come. */
	#hasSpoken = false;
	/** Bytes that the library holds of a message that has not come to its end. */
	#unfinished = 0;
	/** What arrived before reading had really stopped. */
	readonly #held: Buffer[] = [];

	/** `webSocket` was made by a server with `autoPong` off and the default binary type; `socket` is what it runs on. */
	constructor(webSocket: WebSocket, socket: Socket, limits: WebSocketLimits) {
		super(socket, limits);
		this.#webSocket = webSocket;
		this.#maxUntrusted = limits.maxUntrusted;
		webSocket.on("error", (error) => {
			this.failed(error.message);
			this.close(); // in the library's hands a peer that broke the framing would have half a minute to say goodbye
		});
	}

	override start(handler: ConnectionHandler): void {
		super.start(handler);
		this.#limitUnfinished();
		this.#webSocket.on("message", (data, isBinary) => {
			this.#hasSpoken = true;
			this.#unfinished = 0;
			if (isBinary) this.#deliver(data as Buffer);
			else this.#refuseText();
		});
		this.#webSocket.on("ping", (data) => {
			// A peer that pings but never reads gets no further pongs: they would pile up (RFC 6455 section 5.5.3 allows it).
			if (!this.blocked && this.socket.writableLength === 0) this.#webSocket.pong(data);
		});
	}

	// A packet to a frame, although any cut is allowed: Paho C 1.3.11 lets a second packet in a frame lie until more arrives.
	protected override send(chunk: Uint8Array): void {
		for (let at = 0; at < chunk.length; ) {
			const end = this.#sent.next(chunk, at);
			this.#webSocket.send(chunk.subarray(at, end));
			at = end;
		}
	}

	override trust(): void {
		this.#isTrusted = true;
		if (!this.#isPaused) this.#webSocket.resume();
	}

	// The library holds a message until it is whole, and one may be as long as the longest packet: not for anybody.
	#limitUnfinished(): void {
		const count = (chunk: Buffer) => {
			if (this.#isTrusted) {
				this.socket.off("data", count);
				return;
			}
			this.#unfinished += chunk.length;
			if (this.#unfinished <= this.#maxUntrusted) return;
			if (this.#hasSpoken) return this.#webSocket.pause(); // It may be accepted at any moment.
			this.failed("the first WebSocket message is longer than a CONNECT may be");
			this.destroy();
		};
		this.socket.on("data", count);
	}

	protected override finish(): void {
		this.#webSocket.close(NORMAL);
	}

	override pause(flag: boolean): void {
		this.#isPaused = flag;
		if (flag) return this.#webSocket.pause();
		for (const bytes of this.#held.splice(0)) this.#deliver(bytes);
		if (!this.#isPaused) this.#webSocket.resume();
	}

	/** In parts of a size that a TCP socket also delivers, so that reading can stop in the middle of a large message. */
	#deliver(message: Buffer): void {
		for (let at = 0; at < message.length; at += PART) {
			if (this.#isPaused) {
				this.#held.push(message.subarray(at));
				return;
			}
			this.received(message.subarray(at, at + PART));
		}
	}

	// [MQTT-6.0.0-1] any other type of data frame closes the connection.
	#refuseText(): void {
		this.failed("the peer sent a WebSocket text frame; MQTT needs binary frames");
		this.#webSocket.close(UNSUPPORTED_DATA, "MQTT needs binary frames");
		this.close();
	}
}
