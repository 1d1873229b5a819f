import { connect, type Socket } from "node:net";
import type { Millis } from "../../src/ports/index.ts";
import { DelayLine } from "./delay-line.ts";
import type { EventQueue } from "./event-queue.ts";
import { EVENT, message } from "./stand-ins/wire.ts";

/** lwIP's defaults on the ESP32: TCP_WND and TCP_SND_BUF. */
export const RECEIVE_BUFFER = 5_760;
export const SEND_BUFFER = 5_760;

/**
 * One of the machine's TCP sockets. Like lwIP's: small buffers of its own, credit for what fits, an announcement whenever
 * something new arrives, and the end of the stream, good or bad, as an error without a reason once everything is read.
 */
export class TcpSocket {
	readonly #id: number;
	readonly #events: EventQueue;
	readonly #socket: Socket;
	readonly #line: DelayLine;
	readonly #received: Buffer[] = [];
	#receivedBytes = 0;
	#unsentBytes = 0;
	#isReady = false;
	#isOver = false;
	#isErrorTold = false;
	#isStalled = false;

	constructor(id: number, address: string, port: number, latency: Millis, events: EventQueue) {
		this.#id = id;
		this.#events = events;
		this.#line = new DelayLine(latency);
		this.#socket = connect({ host: address, port, family: 4, noDelay: true, autoSelectFamily: false });
		this.#socket.on("connect", () => this.#line.send(() => this.#connected()));
		this.#socket.on("data", (bytes) => this.#line.send(() => this.#arrived(bytes)));
		this.#socket.on("end", () => this.#line.send(() => this.#over()));
		this.#socket.on("close", () => this.#line.send(() => this.#over()));
		// "close" follows, and the machine is not told reasons anyway.
		this.#socket.on("error", () => undefined);
	}

	/** Bytes that can be written. Throws what the device throws. */
	write(bytes: Uint8Array): number {
		if (!this.#isReady) throw new Error("not ready");
		if (bytes.length > SEND_BUFFER - this.#unsentBytes) throw new Error("would block");
		if (this.#isOver) return 0;
		const kept = Buffer.from(bytes);
		this.#unsentBytes += kept.length;
		this.#line.send(() => this.#socket.write(kept, () => this.#sent(kept.length)));
		return SEND_BUFFER - this.#unsentBytes;
	}

	read(count: number): Uint8Array {
		if (count <= 0 || count > this.#readable) throw new Error("invalid");
		const isWindowFull = this.#receivedBytes > RECEIVE_BUFFER;
		const bytes = this.#take(count);
		this.#receivedBytes -= count;
		this.#resume();
		// What did not fit the window arrives now.
		if (isWindowFull) this.#events.post(this.#tellReadable);
		if (this.#isOver && this.#receivedBytes === 0) this.#events.post(this.#tellError);
		return bytes;
	}

	/** What was written still goes out. */
	close(): void {
		this.#isErrorTold = true;
		this.#isReady = false;
		this.#receivedBytes = 0;
		this.#received.length = 0;
		this.#line.send(() => this.#socket.destroySoon());
	}

	/** The network loses the connection, and both ends notice. */
	reset(): void {
		this.#endStall();
		this.#socket.resetAndDestroy();
	}

	/** The network holds back what is sent, and neither end notices, for this long. */
	stall(duration: Millis): void {
		this.#isStalled = true;
		this.#line.block();
		this.#socket.pause();
		setTimeout(() => this.#endStall(), duration).unref();
	}

	/** The machine is gone. */
	destroy(): void {
		this.#socket.destroy();
	}

	#endStall(): void {
		this.#isStalled = false;
		this.#line.unblock();
		this.#resume();
	}

	#resume(): void {
		if (!this.#isStalled && this.#receivedBytes < RECEIVE_BUFFER) this.#socket.resume();
	}

	/** Bytes that the machine may read now: what fits the device's window. */
	get #readable(): number {
		return Math.min(this.#receivedBytes, RECEIVE_BUFFER);
	}

	readonly #tellReadable = (): Uint8Array | undefined =>
		this.#readable > 0 ? message(EVENT.TCP_READABLE, this.#id, this.#readable) : undefined;

	readonly #tellWritable = (): Uint8Array | undefined =>
		this.#isReady && !this.#isOver ? message(EVENT.TCP_WRITABLE, this.#id, SEND_BUFFER - this.#unsentBytes) : undefined;

	readonly #tellError = (): Uint8Array | undefined => {
		if (this.#isErrorTold) return undefined;
		this.#isErrorTold = true;
		return message(EVENT.TCP_ERROR, this.#id);
	};

	#connected(): void {
		this.#isReady = true;
		this.#events.post(this.#tellWritable);
	}

	#sent(count: number): void {
		this.#unsentBytes -= count;
		this.#events.post(this.#tellWritable);
	}

	#arrived(bytes: Buffer): void {
		if (this.#isErrorTold) return;
		this.#received.push(bytes);
		this.#receivedBytes += bytes.length;
		if (this.#receivedBytes >= RECEIVE_BUFFER) this.#socket.pause();
		this.#events.post(this.#tellReadable);
	}

	#over(): void {
		this.#isOver = true;
		if (this.#receivedBytes === 0) this.#events.post(this.#tellError);
	}

	#take(count: number): Uint8Array {
		const taken = Buffer.alloc(count);
		for (let at = 0; at < count; ) {
			const first = this.#received.shift() ?? Buffer.alloc(0);
			const part = first.subarray(0, count - at);
			taken.set(part, at);
			at += part.length;
			if (part.length < first.length) this.#received.unshift(first.subarray(part.length));
		}
		return taken;
	}
}
