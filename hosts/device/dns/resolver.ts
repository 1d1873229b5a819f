import type { Clock, Millis, Random, TimerHandle } from "../../../src/ports/index.ts";
import { isIPv4Address } from "../address.ts";
import type { UdpConstructor, UdpSocket } from "../platform.ts";
import { encodeQuery, isHostName, readAnswer } from "./message.ts";

const DNS_PORT = 53;
const MDNS = { address: "224.0.0.251", port: 5353 } as const;
/** A lost packet costs this long; every server is asked `ROUNDS` times. */
const RETRY_AFTER: Millis = 2_000;
const ROUNDS = 2;
/** More than this many addresses would not be tried within one connect timeout anyway. */
const MAX_ADDRESSES = 8;

export type Resolution =
	| { readonly addresses: readonly string[] }
	/** For a person: why there is no address. */
	| { readonly failure: string };

export interface ResolverOptions {
	readonly io: UdpConstructor;
	/** Addresses of the name servers. Asked for at each lookup: they change with the network. */
	servers(): readonly string[];
	readonly clock: Clock;
	readonly random: Random;
}

/** Finds every IPv4 address of a host, by DNS, or by multicast DNS for names in `.local`. Keeps nothing between lookups. */
export class Resolver {
	readonly #options: ResolverOptions;

	constructor(options: ResolverOptions) {
		this.#options = options;
	}

	/** `done` is called once, never synchronously, and not after `cancel`. Addresses and `localhost` resolve to themselves. */
	resolve(host: string, done: (resolution: Resolution) => void): Lookup {
		return new Lookup(this.#options, host, done);
	}
}

/** One name on its way to its addresses. */
export class Lookup {
	readonly #options: ResolverOptions;
	readonly #host: string;
	readonly #done: (resolution: Resolution) => void;
	readonly #multicast: boolean;
	readonly #query: Uint8Array;
	readonly #servers: readonly string[];
	#socket: UdpSocket | undefined;
	#timer: TimerHandle;
	#asked = 0;

	constructor(options: ResolverOptions, host: string, done: (resolution: Resolution) => void) {
		this.#options = options;
		this.#host = host.endsWith(".") ? host.slice(0, -1) : host;
		this.#done = done;
		this.#multicast = this.#host.toLowerCase().endsWith(".local");
		this.#servers = this.#multicast ? [MDNS.address] : options.servers();
		const id = this.#multicast ? 0 : Math.floor(options.random.next() * 0x10000);
		this.#query = isHostName(this.#host) ? encodeQuery(id, this.#host, this.#multicast) : new Uint8Array(0);
		this.#timer = options.clock.setTimer(() => this.start(), 0);
	}

	cancel(): void {
		this.#options.clock.clearTimer(this.#timer);
		this.#socket?.close();
		this.#socket = undefined;
	}

	private start(): void {
		if (isIPv4Address(this.#host)) this.finish({ addresses: [this.#host] });
		else if (this.#host === "localhost") this.finish({ addresses: ["127.0.0.1"] });
		else if (this.#host.includes(":")) this.fail("is an IPv6 address, and the device speaks IPv4 only");
		else if (this.#query.length === 0) this.fail("is neither a host name nor an IPv4 address");
		else if (this.#servers.length === 0) this.fail("cannot be looked up: the network names no DNS server");
		else this.ask();
	}

	private ask(): void {
		if (this.#asked === this.#servers.length * ROUNDS) {
			this.fail(`was not found: no answer from ${this.#servers.join(", ")}`);
			return;
		}
		const server = this.#servers[this.#asked++ % this.#servers.length] ?? "";
		try {
			this.#socket ??= new this.#options.io({ onReadable: (count) => this.readable(count) }) as UdpSocket;
			this.#socket.write(this.#query, server, this.#multicast ? MDNS.port : DNS_PORT);
		} catch {
			// No way to that server, or no memory for a socket just now: the next attempt may find both.
		}
		this.#timer = this.#options.clock.setTimer(() => this.ask(), RETRY_AFTER);
	}

	private readable(count: number): void {
		for (let packets = count; packets > 0 && this.#socket; packets--) {
			const packet = this.#socket.read();
			if (packet && this.isFromServer(packet)) this.receive(new Uint8Array(packet));
		}
	}

	/** Only whom we asked may answer. By multicast, that is everyone. */
	private isFromServer(packet: { readonly address: string; readonly port: number }): boolean {
		if (this.#multicast) return packet.port === MDNS.port;
		return packet.port === DNS_PORT && this.#servers.includes(packet.address);
	}

	private receive(message: Uint8Array): void {
		const answer = readAnswer(message, this.#query, this.#host, this.#multicast);
		if (answer?.kind === "addresses") this.finish({ addresses: answer.addresses.slice(0, MAX_ADDRESSES) });
		else if (answer?.kind === "none") this.fail("does not exist, or has no IPv4 address");
		else if (answer?.kind === "failed") this.askNextNow();
	}

	private askNextNow(): void {
		this.#options.clock.clearTimer(this.#timer);
		this.ask();
	}

	private fail(why: string): void {
		this.finish({ failure: `${this.#host} ${why}` });
	}

	private finish(resolution: Resolution): void {
		this.cancel();
		this.#done(resolution);
	}
}
