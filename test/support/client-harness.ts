import {
	type ClientState,
	type DisconnectReason,
	type Message,
	type Protocol,
	RelayClient,
	type RelayOptions,
} from "../../src/client/index.ts";
import {
	type ConnackPacket,
	type ConnectPacket,
	type DecodedPacket,
	Decoder,
	encode,
	type Packet,
	type ProtocolVersion,
	SERVER,
} from "../../src/codec/index.ts";
import type {
	Connection,
	Log,
	LogLevel,
	Millis,
	Store,
	Transport,
	TransportEvents,
	TransportFailure,
} from "../../src/ports/index.ts";
import { MemoryStore } from "./memory-store.ts";
import { SeededRandom } from "./seeded-random.ts";
import { VirtualClock } from "./virtual-clock.ts";

/** The broker's end of one connection, played by a test. */
export class Peer implements Connection {
	readonly #events: TransportEvents;
	readonly #decoder = new Decoder({ role: SERVER, maxPacket: 1_000_000 });
	/** What the client sent and no test has taken. */
	readonly packets: DecodedPacket[] = [];
	/** Every piece that the client wrote. */
	readonly writes: Uint8Array[] = [];
	isClosed = false;
	/** What `write` answers: false while the transport is full. */
	takes = true;
	/** Whether the client holds `received`. */
	isHeld = false;
	/** Runs in each `write`, before it returns. */
	onWrite: (() => void) | undefined;
	/** What the attempt waits for. */
	step: TransportFailure | undefined;

	constructor(events: TransportEvents) {
		this.#events = events;
	}

	get version(): ProtocolVersion {
		return this.#decoder.version;
	}

	write(bytes: Uint8Array): boolean {
		if (this.isClosed) throw new Error("The client wrote to a connection that it had closed.");
		this.writes.push(bytes);
		this.#decoder.push(bytes.slice());
		for (let packet = this.#decoder.next(); packet !== undefined; packet = this.#decoder.next())
			this.packets.push(packet);
		this.onWrite?.();
		return this.takes;
	}

	reading(flag: boolean): void {
		this.isHeld = !flag;
	}

	close(): void {
		this.isClosed = true;
	}

	overdue(): TransportFailure | undefined {
		return this.isClosed ? undefined : this.step;
	}

	open(): void {
		this.#events.opened();
	}

	/** The connection ends: by the broker, or by the network. */
	drop(failure?: TransportFailure): void {
		this.isClosed = true;
		this.#events.closed(failure);
	}

	/** Says nothing of it to the client, to which the link looks alive. */
	send(...packets: readonly Packet[]): void {
		for (const packet of packets) this.sendBytes(encode(packet, this.version));
	}

	sendBytes(bytes: Uint8Array): void {
		this.#events.received(bytes);
	}

	/** The transport takes bytes again: any number of writes, or one. */
	drained(takes = true): void {
		this.takes = takes;
		this.#events.writable();
	}

	/** Takes what the client sent. */
	take(): DecodedPacket[] {
		return this.packets.splice(0);
	}

	/** Takes the one packet that the client sent, which must be of this kind. */
	takeOne<C extends DecodedPacket["cmd"]>(cmd: C): DecodedPacket & { cmd: C } {
		const packets = this.take();
		const [packet] = packets;
		if (packets.length !== 1 || packet?.cmd !== cmd) {
			throw new Error(`Expected one ${cmd}, got ${JSON.stringify(packets.map((p) => p.cmd))}.`);
		}
		return packet as DecodedPacket & { cmd: C };
	}
}

export interface LogLine {
	readonly level: LogLevel;
	readonly message: string;
}

export interface HarnessOptions {
	readonly store?: Store;
	readonly seed?: number;
	/** What the random numbers all are. */
	readonly random?: number;
}

/** A client on virtual time whose broker is the test. */
export class Harness implements Transport, Log {
	readonly endpoint = "broker.test:1883";
	readonly clock = new VirtualClock();
	readonly random: SeededRandom;
	readonly store: Store;
	readonly client: RelayClient;
	readonly peers: Peer[] = [];
	readonly states: ClientState[] = [];
	readonly lines: LogLine[] = [];
	/** Messages that no subscription took; payloads copied. */
	readonly messages: Message[] = [];

	constructor(options: RelayOptions = {}, { store = new MemoryStore(), seed = 1, random }: HarnessOptions = {}) {
		this.store = store;
		this.random = new SeededRandom(seed);
		this.random.fixed = random;
		this.client = new RelayClient(
			{
				clientId: "device",
				onState: (state) => this.states.push(state),
				onMessage: (message) => this.messages.push({ ...message, payload: message.payload.slice() }),
				...options,
			},
			{ transport: this, clock: this.clock, random: this.random, store, log: this },
		);
	}

	open(events: TransportEvents): Connection {
		const peer = new Peer(events);
		this.peers.push(peer);
		return peer;
	}

	write(level: LogLevel, message: string): void {
		this.lines.push({ level, message });
	}

	/** The broker's end of the latest connection. */
	get peer(): Peer {
		const peer = this.peers.at(-1);
		if (peer === undefined) throw new Error("The client has not connected.");
		return peer;
	}

	/** The rungs that were tried, one for each connection attempt. */
	get attempts(): Protocol[] {
		return this.states.flatMap((state) => (state.kind === "connecting" ? [state.protocol] : []));
	}

	/** Why the connection was lost, each time. */
	get reasons(): DisconnectReason[] {
		return this.states.flatMap((state) => (state.kind === "offline" ? [state.reason] : []));
	}

	/** Opens the transport of the latest attempt and takes the CONNECT. */
	connect(): ConnectPacket {
		this.peer.open();
		return this.peer.takeOne("connect");
	}

	/** Starts if need be, opens, and accepts. Returns the broker's end. */
	accept(answer: Partial<ConnackPacket> = {}): Peer {
		if (this.client.state.kind === "ended") this.client.start();
		if (this.client.state.kind === "offline") this.retry();
		this.connect();
		this.peer.send({ cmd: "connack", sessionPresent: false, reasonCode: 0, ...answer });
		return this.peer;
	}

	/** Waits out the backoff. */
	retry(): void {
		const state = this.client.state;
		if (state.kind !== "offline") throw new Error(`The client is ${state.kind}.`);
		this.clock.advance(state.retryIn);
	}

	advance(duration: Millis): void {
		this.clock.advance(duration);
	}
}
