import type { Socket } from "node:net";

/** What the hub learns about one connection. No call is made before `start`. */
export interface ConnectionHandler {
	/** Bytes as they arrived, of any cut. The handler owns the buffer. */
	received(bytes: Uint8Array): void;
	/** What `write` left buffered is sent: writing may go on. */
	drained(): void;
	/** The last call, whichever side ended the connection. `cause` is for a log line; undefined: in good order. */
	closed(cause: string | undefined): void;
}

export interface ConnectionLimits {
	/** Bytes that may wait for the peer before `write` answers false. */
	readonly highWaterMark: number;
	/** Milliseconds that a peer has to take what is left, and to close its side, once the hub closes. */
	readonly flushTimeout: number;
}

export const CONNECTION_LIMITS: ConnectionLimits = { highWaterMark: 65_536, flushTimeout: 2_000 };

// Measured on Node 20: below this average it costs less to copy chunks together than to hand each to writev.
const JOIN_BELOW = 512;

/** One MQTT byte stream with one peer over a TCP socket, whatever framing lies between. */
export abstract class SocketConnection {
	protected readonly socket: Socket;
	readonly #limits: ConnectionLimits;
	#handler: ConnectionHandler | undefined;
	#blocked = false;
	#closing = false;
	#cause: string | undefined;

	constructor(socket: Socket, limits: ConnectionLimits) {
		this.socket = socket;
		this.#limits = limits;
		socket.on("error", (error) => this.failed(error.message));
	}

	/** Begins to read. */
	start(handler: ConnectionHandler): void {
		this.#handler = handler;
		this.socket.on("drain", () => this.#drained());
		this.socket.on("close", () => {
			this.#closing = true;
			handler.closed(this.#cause);
		});
	}

	/** Sends the chunks in order, as one write. False: the peer is slow; `drained` says when it has caught up. */
	write(chunks: readonly Uint8Array[]): boolean {
		if (this.#closing || this.socket.destroyed) return true;
		const length = byteLength(chunks);
		this.socket.cork();
		if (length < JOIN_BELOW * chunks.length && chunks.length > 1) this.send(Buffer.concat(chunks, length));
		else for (const chunk of chunks) this.send(chunk);
		this.socket.uncork();
		// Not the result of socket.write: that is false for anything long, even when the kernel took all of it at once.
		this.#blocked = this.socket.writableLength > this.#limits.highWaterMark;
		return !this.#blocked;
	}

	/** The client was accepted: from now on it may send what clients may. */
	trust(): void {
		// Where packets are not held before the broker sees them, its own limits do.
	}

	/** Sends what was written, then closes. Nothing more is received; a peer that does not take it in time is cut off. */
	close(): void {
		if (this.#closing) return;
		this.#closing = true;
		this.finish();
		this.pause(false); // reading on, into nothing: unread bytes would make the kernel reset what was just sent
		const cutOff = setTimeout(() => this.socket.destroy(), this.#limits.flushTimeout);
		this.socket.once("close", () => clearTimeout(cutOff));
	}

	/** Cuts the connection off, with all that was not sent. */
	destroy(): void {
		this.#closing = true;
		this.socket.destroy();
	}

	/** True while the peer is behind: more than the high-water mark waits for it. */
	protected get blocked(): boolean {
		return this.#blocked;
	}

	/** Writes one chunk to the socket, framed. */
	protected abstract send(chunk: Uint8Array): void;

	/** Says goodbye and ends our side. */
	protected abstract finish(): void;

	/** Stops or resumes reading from the peer; what was read already still arrives. */
	abstract pause(flag: boolean): void;

	protected received(bytes: Uint8Array): void {
		if (!this.#closing) this.#handler?.received(bytes);
	}

	/** Notes why the connection is about to end; the first reason counts. */
	protected failed(cause: string): void {
		this.#cause ??= cause;
	}

	#drained(): void {
		if (!this.#blocked) return;
		this.#blocked = false;
		if (!this.#closing) this.#handler?.drained();
	}
}

function byteLength(chunks: readonly Uint8Array[]): number {
	let length = 0;
	for (const chunk of chunks) length += chunk.length;
	return length;
}
