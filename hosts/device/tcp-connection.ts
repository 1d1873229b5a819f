import type { Connection, Millis, TimerHandle, TransportEvents, TransportFailure } from "../../src/ports/index.ts";
import type { Lookup, Resolution } from "./dns/resolver.ts";
import type { TargetedSocket, TcpSocket } from "./platform.ts";
import { SendQueue } from "./send-queue.ts";
import type { TcpTransportOptions } from "./tcp-transport.ts";

/** Received bytes are handed over in pieces of at most this size: what is read lies in RAM twice. */
const READ_PIECE = 1_024;
/** An address that does not answer gives way to the next one after this time. The last one has until the owner gives up. */
const ADDRESS_TIMEOUT: Millis = 3_000;
/** What was written before `close` has this long to leave. */
const FLUSH_TIMEOUT: Millis = 2_000;

const NONE: readonly string[] = [];

type Phase = "resolving" | "connecting" | "open" | "flushing" | "closed";

/**
 * One connection attempt: looks the host up, tries its addresses in turn, then is a byte stream with credit-based writing.
 * Nothing is thrown out of a callback of the platform, which would abort the machine.
 */
export class TcpConnection implements Connection {
	readonly #options: TcpTransportOptions;
	readonly #events: TransportEvents;
	readonly #queue = new SendQueue();
	/** Undefined once there are addresses. */
	#lookup: Lookup | undefined;
	#phase: Phase = "resolving";
	/** To be tried; none once it is open. */
	#addresses = NONE;
	#tried = 0;
	/** A platform may still call back for one that was closed in an earlier callback of the same turn. */
	#socket: TcpSocket | undefined;
	#timer: TimerHandle;

	constructor(options: TcpTransportOptions, events: TransportEvents) {
		this.#options = options;
		this.#events = events;
		this.#lookup = options.resolver.resolve(options.host, (resolution) => {
			this.guard(() => this.resolved(resolution));
		});
	}

	write(bytes: Uint8Array): boolean {
		if (this.#phase !== "open" || !this.#socket) return false;
		this.#queue.add(bytes);
		if (this.flush()) return this.#queue.isEmpty;
		this.dropSocket();
		// The news must not come out of `write`.
		this.#timer = this.#options.clock.setTimer(() => this.guard(() => this.end(undefined)), 0);
		return false;
	}

	close(): void {
		if (this.#phase === "open" && !this.#queue.isEmpty) {
			this.#phase = "flushing";
			this.#timer = this.#options.clock.setTimer(() => this.release(), FLUSH_TIMEOUT);
		} else if (this.#phase !== "flushing") {
			this.release();
		}
	}

	overdue(): TransportFailure {
		const { host, port } = this.#options;
		if (this.#lookup) {
			return { phase: "dns", message: `${host} is not found yet: check the name, and the network's DNS server` };
		}
		const message = `${host}:${port} does not answer${this.triedAddresses}: check address, port and firewall, and that it is on`;
		return { phase: "tcp", message };
	}

	// From here it is a long way down, and the stack of a device is small: these do without the two frames of `guard`, and
	// calls in tail position take none.

	/** The socket has `count` bytes for us. */
	readable(socket: TcpSocket, count: number): void {
		try {
			for (let left = count; left > 0 && socket === this.#socket; left -= READ_PIECE) {
				const bytes = new Uint8Array(Math.min(left, READ_PIECE));
				socket.read(bytes);
				if (this.#phase === "open") this.#events.received(bytes);
			}
		} catch (error) {
			this.giveUp(error);
		}
	}

	/** The socket takes `count` bytes; at first, this says that it is open. */
	writable(socket: TcpSocket, count: number): void {
		if (socket !== this.#socket) return;
		this.#queue.credit = count;
		try {
			if (this.#phase === "connecting") this.opened();
			else this.drain();
		} catch (error) {
			this.giveUp(error);
		}
	}

	/** The socket is of no use any more. */
	failed(socket: TcpSocket): void {
		this.guard(() => this.lose(socket));
	}

	private resolved(resolution: Resolution): void {
		this.#lookup = undefined;
		if ("failure" in resolution) {
			this.end({ phase: "dns", message: resolution.failure });
			return;
		}
		this.#addresses = resolution.addresses;
		this.#phase = "connecting";
		this.tryNext();
	}

	private tryNext(): void {
		this.dropSocket();
		while (!this.#socket && this.#tried < this.#addresses.length) this.tryAddress(this.#addresses[this.#tried++] ?? "");
		if (!this.#socket) this.end({ phase: "tcp", message: this.unreachable() });
		else if (this.#tried < this.#addresses.length) {
			this.#timer = this.#options.clock.setTimer(() => this.guard(() => this.tryNext()), ADDRESS_TIMEOUT);
		}
	}

	private tryAddress(address: string): void {
		try {
			this.#socket = this.openSocket(address);
		} catch (error) {
			// No route and no free socket are thrown, not called back.
			this.#options.log.write("debug", "socket refused", { address, error: String(error) });
		}
	}

	private openSocket(address: string): TcpSocket {
		const { io: Socket, port } = this.#options;
		return new Socket({ address, port, nodelay: true, target: this, onReadable, onWritable, onError });
	}

	private opened(): void {
		this.#options.clock.clearTimer(this.#timer);
		this.#phase = "open";
		this.#addresses = NONE;
		return this.#events.opened();
	}

	private drain(): void {
		if (this.#queue.isEmpty) return;
		if (!this.flush()) return this.end(undefined);
		if (!this.#queue.isEmpty) return;
		return this.#phase === "flushing" ? this.release() : this.#events.writable();
	}

	/** False: the socket is of no use any more. */
	private flush(): boolean {
		try {
			if (this.#socket) this.#queue.flush(this.#socket);
			return true;
		} catch (error) {
			this.#options.log.write("debug", "write failed", { error: String(error) });
			return false;
		}
	}

	private lose(socket: TcpSocket): void {
		if (socket !== this.#socket) return;
		if (this.#phase === "connecting") this.tryNext();
		// The platform does not tell a close in good order from a reset.
		else this.end(undefined);
	}

	private unreachable(): string {
		const { host, port } = this.#options;
		return `${host}:${port} refused the connection or cannot be reached${this.triedAddresses}`;
	}

	private get triedAddresses(): string {
		const addresses = this.#addresses.filter((address) => address !== this.#options.host);
		return addresses.length > 0 ? ` (tried ${addresses.join(", ")})` : "";
	}

	private end(failure: TransportFailure | undefined): void {
		const told = this.#phase === "flushing" || this.#phase === "closed";
		this.release();
		if (!told) this.#events.closed(failure);
	}

	/** Lets everything go. Nothing is called afterwards. */
	private release(): void {
		this.#phase = "closed";
		this.#lookup?.cancel();
		this.dropSocket();
	}

	private dropSocket(): void {
		this.#options.clock.clearTimer(this.#timer);
		const socket = this.#socket;
		this.#socket = undefined;
		try {
			socket?.close();
		} catch (error) {
			this.#options.log.write("debug", "close failed", { error: String(error) });
		}
	}

	private guard(action: () => void): void {
		try {
			action();
		} catch (error) {
			this.giveUp(error);
		}
	}

	private giveUp(error: unknown): void {
		this.#options.log.write("error", "unexpected exception: connection given up", { error: String(error) });
		try {
			this.end({ phase: "tcp", message: `internal error: ${String(error)}` });
		} catch {
			// The owner throws even now. It has been logged, and the machine must live.
		}
	}
}

// Functions in flash: closures would take RAM for as long as there is a connection.

function onReadable(this: TcpSocket, count: number): void {
	return (this as TargetedSocket<TcpConnection>).target.readable(this, count);
}

function onWritable(this: TcpSocket, count: number): void {
	return (this as TargetedSocket<TcpConnection>).target.writable(this, count);
}

function onError(this: TcpSocket): void {
	(this as TargetedSocket<TcpConnection>).target.failed(this);
}
