import { connect, type Socket } from "node:net";

/** A TCP socket that keeps what it receives: for peers that do what no client library would. */
export class RawPeer {
	readonly socket: Socket;
	#chunks: Buffer[] = [];
	#length = 0;
	#closed = false;
	#notify: () => void = () => undefined;

	private constructor(socket: Socket) {
		this.socket = socket;
		socket.on("error", () => undefined); // a reset is one of the ways in which the hub may end a connection
		socket.on("data", (bytes) => {
			this.#chunks.push(bytes);
			this.#length += bytes.length;
			this.#notify();
		});
		socket.on("close", () => {
			this.#closed = true;
			this.#notify();
		});
	}

	/** `isDeaf`: never closes its side, whatever the hub does. */
	static async open(port: number, { host = "127.0.0.1", isDeaf = false } = {}): Promise<RawPeer> {
		const socket = connect({ port, host, noDelay: true, allowHalfOpen: isDeaf });
		await new Promise<void>((resolve, reject) => socket.once("connect", resolve).once("error", reject));
		return new RawPeer(socket);
	}

	/** Everything received so far. */
	get received(): Buffer {
		this.#chunks = [Buffer.concat(this.#chunks)];
		return this.#chunks[0] ?? Buffer.alloc(0);
	}

	send(bytes: Uint8Array | readonly number[] | string): void {
		this.socket.write(typeof bytes === "string" ? bytes : Uint8Array.from(bytes));
	}

	/** Resolves once `count` bytes have arrived in all; rejects if the connection closes before. */
	async has(count: number): Promise<void> {
		await this.#until(() => this.#closed || this.#length >= count);
		if (this.#length < count) throw new Error(`closed after ${this.#length} of ${count} bytes`);
	}

	/** Everything received, once that is `count` bytes or more. */
	async bytes(count: number): Promise<Buffer> {
		await this.has(count);
		return this.received;
	}

	/** Resolves with everything received once the hub has closed the connection. */
	async closed(): Promise<Buffer> {
		await this.#until(() => this.#closed);
		return this.received;
	}

	destroy(): void {
		this.socket.destroy();
	}

	async #until(condition: () => boolean): Promise<void> {
		while (!condition()) await new Promise<void>((resolve) => (this.#notify = resolve));
	}
}
