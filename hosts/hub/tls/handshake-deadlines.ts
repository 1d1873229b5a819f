import type { Socket } from "node:net";
import type { Server } from "node:tls";
import type { Millis } from "../../../src/ports/index.ts";

/**
 * Cuts off peers that have not finished the TLS handshake in time. Node's own `handshakeTimeout` starts anew with every
 * byte, and leaves it to its listeners to end the connection.
 */
export class HandshakeDeadlines {
	// A connection has one socket before the handshake and another one after it; its peer is the same.
	readonly #timers = new Map<string, NodeJS.Timeout>();
	#expired = 0;

	/** `timeout` is asked anew for each connection. */
	constructor(server: Pick<Server, "on">, timeout: () => Millis) {
		server.on("connection", (socket: Socket) => {
			if (!socket.destroyed) this.#start(socket, timeout());
		});
		server.on("secureConnection", (socket) => this.#clear(peerOf(socket)));
	}

	/** Whether a connection that was lost before its handshake was cut off here. True once for each. */
	takeExpired(): boolean {
		if (this.#expired === 0) return false;
		this.#expired--;
		return true;
	}

	#start(socket: Socket, timeout: Millis): void {
		const peer = peerOf(socket);
		this.#clear(peer);
		const expire = () => {
			this.#timers.delete(peer);
			if (socket.destroyed) return;
			this.#expired++;
			socket.destroy();
		};
		this.#timers.set(peer, setTimeout(expire, timeout).unref());
	}

	#clear(peer: string): void {
		clearTimeout(this.#timers.get(peer));
		this.#timers.delete(peer);
	}
}

function peerOf({ remoteAddress, remotePort }: Socket): string {
	return `${remoteAddress} ${remotePort}`;
}
