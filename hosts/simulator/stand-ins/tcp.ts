import { onEvent } from "./events.ts";
import { call } from "./host.ts";
import { CALL, EVENT } from "./wire.ts";

interface TcpOptions {
	readonly address: string;
	readonly port: number;
	readonly target?: unknown;
	onReadable?(this: TCP, count: number): void;
	onWritable?(this: TCP, count: number): void;
	onError?(this: TCP): void;
}

const sockets = new Map<number, { readonly socket: TCP; readonly options: TcpOptions }>();
const ids = { last: 0 };

/** ECMA-419 `TCP`, format "buffer". Buffers, credit and their limits are the host's; it refuses what lwIP would refuse. */
export default class TCP {
	/** The owner's: callbacks find it at their `this`. */
	readonly target: unknown;
	readonly #id = ++ids.last;

	constructor(options: TcpOptions) {
		this.target = options.target;
		call(CALL.TCP_OPEN, this.#id, options.port, options.address);
		sockets.set(this.#id, { socket: this, options });
	}

	/** The credit that is left. */
	write(bytes: ArrayBuffer | Uint8Array): number {
		const view = bytes instanceof Uint8Array ? bytes : new Uint8Array(bytes);
		return call(CALL.TCP_WRITE, this.#id, view).number();
	}

	/** A count gives a new buffer; a buffer is filled, and gives the count. */
	read(wanted: number | Uint8Array): ArrayBuffer | number {
		const count = typeof wanted === "number" ? wanted : wanted.length;
		const bytes = call(CALL.TCP_READ, this.#id, count).bytes();
		if (typeof wanted === "number") return bytes.slice().buffer;
		wanted.set(bytes);
		return count;
	}

	close(): void {
		if (sockets.delete(this.#id)) call(CALL.TCP_CLOSE, this.#id);
	}
}

onEvent(EVENT.TCP_READABLE, (event) => {
	const entry = sockets.get(event.number());
	entry?.options.onReadable?.call(entry.socket, event.number());
});

onEvent(EVENT.TCP_WRITABLE, (event) => {
	const entry = sockets.get(event.number());
	entry?.options.onWritable?.call(entry.socket, event.number());
});

onEvent(EVENT.TCP_ERROR, (event) => {
	const entry = sockets.get(event.number());
	entry?.options.onError?.call(entry.socket);
});
