import type { Socket } from "node:net";
import { peerHost } from "./listener.ts";

/**
 * The default: a tenth of the connections in all. Room for a whole home behind one proxy, and no machine can keep all
 * others out.
 */
export const CONNECTIONS_PER_ADDRESS = 1_000;

/** Bounds the connections that come from one address at one time. */
export class AddressLimit {
	/** From one address. */
	readonly most: number;
	readonly #open = new Map<string, number>();

	constructor(most: number) {
		this.most = most;
	}

	/** Counts the connection until it closes. False: there are enough from its address already. */
	admit(socket: Socket): boolean {
		const host = peerHost(socket);
		const open = this.#open.get(host) ?? 0;
		if (open >= this.most) return false;
		this.#open.set(host, open + 1);
		socket.once("close", () => this.#closed(host));
		return true;
	}

	#closed(host: string): void {
		const open = (this.#open.get(host) ?? 1) - 1;
		if (open === 0) this.#open.delete(host);
		else this.#open.set(host, open);
	}
}
