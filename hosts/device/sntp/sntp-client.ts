import type { Clock, Millis, Random, Seconds, TimerHandle } from "../../../src/ports/index.ts";
import type { Lookup, Resolution, Resolver } from "../dns/resolver.ts";
import type { UdpConstructor, UdpSocket } from "../platform.ts";
import { encodeRequest, readAnswer, SNTP_PORT, type SntpAnswer } from "./message.ts";

/** A lost packet costs this long; then the next address is asked. */
const RETRY_AFTER: Millis = 1_500;
/** Addresses asked of one server's name. */
const MAX_ADDRESSES = 2;
const NONCE_LENGTH = 8;

export type SntpResult =
	/** Since 1970, as it was when this was told. */
	| { readonly time: Seconds }
	/** For a person: why the time is not known. */
	| { readonly failure: string };

export interface SntpOptions {
	readonly io: UdpConstructor;
	readonly resolver: Resolver;
	/** Names or IPv4 addresses, asked in this order. */
	readonly servers: readonly string[];
	/** It is not earlier than that: an answer that says so is wrong. Since 1970. */
	readonly earliest: Seconds;
	readonly clock: Clock;
	readonly random: Random;
}

/** Asks one time server after the other until one tells the time. `done` is called once, never synchronously, and not after `cancel`. */
export class SntpQuery {
	readonly #options: SntpOptions;
	readonly #done: (result: SntpResult) => void;
	readonly #nonce = new Uint8Array(NONCE_LENGTH);
	#request: Uint8Array;
	#server = -1;
	#addresses: string[] = [];
	#asked = "";
	#lookup: Lookup | undefined;
	#socket: UdpSocket | undefined;
	#timer: TimerHandle;
	#why = "no time server is configured";

	constructor(options: SntpOptions, done: (result: SntpResult) => void) {
		this.#options = options;
		this.#done = done;
		this.#request = encodeRequest(this.#nonce);
		this.#timer = options.clock.setTimer(() => this.nextServer(), 0);
	}

	cancel(): void {
		this.#options.clock.clearTimer(this.#timer);
		this.#lookup?.cancel();
		this.#socket?.close();
		this.#socket = undefined;
	}

	private nextServer(): void {
		const server = this.#options.servers[++this.#server];
		if (server === undefined) this.finish({ failure: `the time is not known: ${this.#why}` });
		else this.#lookup = this.#options.resolver.resolve(server, (resolution) => this.resolved(resolution));
	}

	private resolved(resolution: Resolution): void {
		if ("failure" in resolution) {
			this.#why = resolution.failure;
			this.nextServer();
			return;
		}
		this.#addresses = resolution.addresses.slice(0, MAX_ADDRESSES);
		this.nextAddress();
	}

	private nextAddress(): void {
		const address = this.#addresses.shift();
		if (address === undefined) {
			this.nextServer();
			return;
		}
		this.#asked = address;
		this.#why = `no answer from the time server ${address}`;
		this.ask(address);
		this.#timer = this.#options.clock.setTimer(() => this.nextAddress(), RETRY_AFTER);
	}

	private ask(address: string): void {
		for (let at = 0; at < NONCE_LENGTH; at++) this.#nonce[at] = Math.floor(this.#options.random.next() * 256);
		this.#request = encodeRequest(this.#nonce);
		try {
			this.#socket ??= new this.#options.io({ onReadable: (count) => this.readable(count) }) as UdpSocket;
			this.#socket.write(this.#request, address, SNTP_PORT);
		} catch {
			// No way to that server, or no memory for a socket just now: the next attempt may find both.
		}
	}

	private readable(count: number): void {
		for (let packets = count; packets > 0 && this.#socket; packets--) {
			const packet = this.#socket.read();
			if (packet?.port !== SNTP_PORT || packet.address !== this.#asked) continue;
			const answer = readAnswer(new Uint8Array(packet), this.#request, this.#options.earliest);
			if (answer !== undefined) this.answered(answer);
		}
	}

	private answered(answer: SntpAnswer): void {
		if ("time" in answer) {
			this.finish(answer);
			return;
		}
		this.#why = `the time server ${this.#asked} is of no use: ${answer.refusal}`;
		this.#options.clock.clearTimer(this.#timer);
		this.nextAddress();
	}

	private finish(result: SntpResult): void {
		this.cancel();
		this.#done(result);
	}
}
