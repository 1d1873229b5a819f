import { onEvent } from "./events.ts";
import { call } from "./host.ts";
import { CALL, EVENT } from "./wire.ts";

interface UdpOptions {
	onReadable?(this: UDP, count: number): void;
}

type Packet = ArrayBuffer & { address: string; port: number };

const sockets = new Map<number, (packet: Packet) => void>();
const ids = { last: 0 };

/** ECMA-419 `UDP`. */
export default class UDP {
	readonly #id = ++ids.last;
	readonly #packets: Packet[] = [];

	constructor(options: UdpOptions) {
		sockets.set(this.#id, (packet) => {
			this.#packets.push(packet);
			options.onReadable?.call(this, this.#packets.length);
		});
	}

	/** Throws when nobody is reached at that address. */
	write(bytes: Uint8Array, address: string, port: number): void {
		call(CALL.UDP_SEND, this.#id, port, address, bytes);
	}

	read(): Packet | undefined {
		return this.#packets.shift();
	}

	close(): void {
		if (sockets.delete(this.#id)) call(CALL.UDP_CLOSE, this.#id);
	}
}

onEvent(EVENT.UDP_PACKET, (event) => {
	const receive = sockets.get(event.number());
	const port = event.number();
	const address = event.text();
	receive?.(Object.assign(event.bytes().slice().buffer, { address, port }));
});
