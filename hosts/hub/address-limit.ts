import type { Socket } from "node:net";
import { networkOf } from "./auth/failure-limiter.ts";
import { peerHost } from "./listener.ts";

/**
 * The default: a tenth of the connections in all. Room for a whole home behind one proxy, and no machine can keep all
 * others out.
 */
export const CONNECTIONS_PER_ADDRESS = 1_000;

/** Bounds the connections that come from one address, of IPv6 from one network, at one time. */
export class AddressLimit {
	/** From one address. A lower one than before closes nothing. */
	most: number;
	readonly #open = new Map<string, number>();

	constructor(most: number) {
		this.most = most;
	}

	/** Counts the connection until it closes. False: there are enough from its address already. */
	admit(socket: Socket): boolean {
		// A machine gives itself as many addresses of its IPv6 network as it likes.
		const network = networkOf(peerHost(socket));
		const open = this.#open.get(network) ?? 0;
		if (open >= this.most) return false;
		this.#open.set(network, open + 1);
		socket.once("close", () => this.#closed(network));
		return true;
	}

	#closed(network: string): void {
		const open = (this.#open.get(network) ?? 1) - 1;
		if (open === 0) this.#open.delete(network);
		else this.#open.set(network, open);
	}
}
