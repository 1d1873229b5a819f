import type { TcpSocket } from "./platform.ts";

/**
 * Bytes that wait for credit. The owner of a connection stops writing at the first `false`, so this holds no more than one
 * packet, and what may still be written after that (a DISCONNECT).
 */
export class SendQueue {
	/** Bytes that the socket takes right now. */
	credit = 0;
	readonly #waiting: Uint8Array[] = [];

	get isEmpty(): boolean {
		return this.#waiting.length === 0;
	}

	add(bytes: Uint8Array): void {
		if (bytes.length > 0) this.#waiting.push(bytes);
	}

	/** Writes as much as the credit allows. Throws what the socket throws. */
	flush(socket: TcpSocket): void {
		for (let next = this.#waiting[0]; next && this.credit > 0; next = this.#waiting[0]) {
			const part = next.length > this.credit ? next.subarray(0, this.credit) : next;
			this.credit -= part.length;
			socket.write(part);
			if (part === next) this.#waiting.shift();
			else this.#waiting[0] = next.subarray(part.length);
		}
	}
}
