import { expect, test } from "@jest/globals";
import fc from "fast-check";
import { Resolver } from "../../hosts/device/dns/resolver.ts";
import { LinkedTransport, TcpTransport, WiFiLink } from "../../hosts/device/index.ts";
import type { TargetedSocket, TcpSocketOptions, UdpSocketOptions, WiFiInterface } from "../../hosts/device/platform.ts";
import { Client, type ClientState } from "../../src/client/index.ts";
import { type DecodedPacket, Decoder, encode, type Packet, type QoS, SERVER } from "../../src/codec/index.ts";
import { SeededRandom } from "../support/seeded-random.ts";
import { VirtualClock } from "../support/virtual-clock.ts";

type Datagram = ArrayBuffer & { address: string; port: number };

/** What the platform does, or does not, from now on. */
interface Mood {
	readonly opensSockets: boolean;
	readonly sendsDatagrams: boolean;
	readonly joins: boolean;
	readonly writes: boolean;
}

type Step =
	| { readonly kind: "wifi"; readonly connection: number }
	| { readonly kind: "dns"; readonly answer: "one" | "two" | "none" | "failed" | "cut" }
	| { readonly kind: "credit"; readonly socket: number; readonly count: number }
	| { readonly kind: "error"; readonly socket: number }
	| { readonly kind: "broker"; readonly cut: number }
	| { readonly kind: "wait"; readonly duration: number }
	/** The way to a connection, to this step of it. */
	| { readonly kind: "connect"; readonly steps: number }
	| { readonly kind: "publish"; readonly qos: QoS; readonly length: number }
	| { readonly kind: "mood"; readonly mood: Mood }
	| { readonly kind: "end" | "start" | "retry" };

const WAY: readonly Step[] = [
	{ kind: "retry" },
	{ kind: "wait", duration: 1 },
	{ kind: "dns", answer: "one" },
	{ kind: "credit", socket: 1, count: 5_000 },
	{ kind: "broker", cut: 3 },
	{ kind: "broker", cut: 0 },
];

const mostly = fc.constantFrom(true, true, true, false);

const steps: fc.Arbitrary<Step[]> = fc.array(
	fc.oneof<fc.WeightedArbitrary<Step>[]>(
		{ weight: 1, arbitrary: fc.record({ kind: fc.constant("wifi"), connection: fc.constantFrom(200, 300, 500, 500) }) },
		{
			weight: 5,
			arbitrary: fc.record({
				kind: fc.constant("dns"),
				answer: fc.constantFrom("one", "one", "one", "two", "none", "failed", "cut"),
			}),
		},
		{
			weight: 8,
			arbitrary: fc.record({
				kind: fc.constant("credit"),
				socket: fc.constantFrom(1, 1, 1, 1, 2, 3),
				count: fc.constantFrom(1, 100, 5_000),
			}),
		},
		{ weight: 1, arbitrary: fc.record({ kind: fc.constant("error"), socket: fc.constantFrom(1, 1, 2, 3) }) },
		{ weight: 8, arbitrary: fc.record({ kind: fc.constant("broker"), cut: fc.nat(6) }) },
		{
			weight: 6,
			arbitrary: fc.record({ kind: fc.constant("wait"), duration: fc.constantFrom(0, 1, 900, 3_100, 11_000, 130_000) }),
		},
		{
			weight: 4,
			arbitrary: fc.record({ kind: fc.constant("connect"), steps: fc.integer({ min: 1, max: WAY.length }) }),
		},
		{
			weight: 3,
			arbitrary: fc.record({
				kind: fc.constant("publish"),
				qos: fc.constantFrom<QoS>(0, 1, 2),
				length: fc.constantFrom(1, 3_000, 9_000),
			}),
		},
		{
			weight: 1,
			arbitrary: fc.record({
				kind: fc.constant("mood"),
				mood: fc.record<Mood>({
					opensSockets: mostly,
					sendsDatagrams: mostly,
					joins: mostly,
					writes: mostly,
				}),
			}),
		},
		{ weight: 1, arbitrary: fc.record({ kind: fc.constantFrom("end", "start") }) },
	),
	{ minLength: 30, maxLength: 150, size: "max" },
);

/** A client on the whole of the device host, over a platform that does what it wants, as late as it wants. */
class Machine {
	readonly clock = new VirtualClock();
	readonly client: Client;
	/** Exceptions that left a callback, each of which would end the machine, and what was done that must not be. */
	readonly faults: string[] = [];
	readonly tcp: TcpSocket[] = [];
	readonly udp: UdpSocket[] = [];
	wifi: WiFi | undefined;
	/** How often the client was online. */
	connections = 0;
	mood: Mood = { opensSockets: true, sendsDatagrams: true, joins: true, writes: true };

	constructor(seed: number) {
		const { clock } = this;
		const random = new SeededRandom(seed);
		const log = {
			write: (level: string, message: string) => {
				if (level === "error") this.faults.push(message);
			},
		};
		const resolver = new Resolver({ io: this.#class(UdpSocket), servers: () => ["10.0.0.53"], clock, random });
		const io = this.#class(TcpSocket);
		const tcp = new TcpTransport({ host: "broker.example.org", port: 1883, io, resolver, clock, log });
		const link = new WiFiLink({ io: this.#class(WiFi), ssid: "home", clock, log });
		const transport = new LinkedTransport(tcp, link, clock);
		this.client = new Client(
			{ clientId: "device", clean: false, onState: (state) => this.#changed(state) },
			{ transport, clock, random, log },
		);
		link.onChange((isUp) => {
			if (isUp) this.client.retry();
		});
		this.client.subscribe("#", () => undefined, { qos: 2 });
		this.client.start();
	}

	/** Calls back into the firmware. */
	call(callback: () => void): void {
		try {
			callback();
		} catch (error) {
			this.faults.push(`left a callback: ${String(error)}`);
		}
	}

	forbid(what: string): never {
		this.faults.push(what);
		throw new Error(what);
	}

	perform(step: Step): void {
		switch (step.kind) {
			case "wifi":
				return this.wifi?.becomes(step.connection);
			case "dns":
				return this.udp.at(-1)?.answer(step.answer);
			case "credit":
				return this.tcp.at(-step.socket)?.grant(step.count);
			case "error":
				return this.tcp.at(-step.socket)?.fail();
			case "broker":
				return this.tcp.at(-1)?.serve(step.cut);
			case "wait":
				return this.call(() => this.clock.advance(step.duration));
			case "connect":
				for (const each of WAY.slice(0, step.steps)) this.perform(each);
				return;
			case "publish":
				return this.client.publish("t", "x".repeat(step.length), { qos: step.qos });
			case "mood":
				this.mood = step.mood;
				return;
			case "end":
				return void this.client.end();
			case "start":
				return this.client.start();
			case "retry":
				return this.client.retry();
		}
	}

	#changed({ kind }: ClientState): void {
		if (kind === "online") this.connections++;
	}

	#class<O, S>(make: new (machine: Machine, options: O) => S): new (options: O) => S {
		const create = (options: O): S => new make(this, options);
		return function socket(options: O) {
			return create(options);
		} as unknown as new (
			options: O,
		) => S;
	}
}

/** As strict as the platform's, and still calling back when it is closed. */
class TcpSocket implements TargetedSocket<unknown> {
	readonly target: unknown;
	isClosed = false;
	readonly #machine: Machine;
	readonly #options: TcpSocketOptions;
	readonly #decoder = new Decoder({ role: SERVER, maxPacket: 1_000_000 });
	readonly #packets: DecodedPacket[] = [];
	readonly #incoming: number[] = [];
	#credit = 0;

	constructor(machine: Machine, options: TcpSocketOptions) {
		if (!machine.mood.opensSockets) throw new Error("no socket is free");
		this.#machine = machine;
		this.#options = options;
		this.target = options.target;
		machine.tcp.push(this);
	}

	read(bytes: Uint8Array): void {
		if (this.isClosed || bytes.length > this.#incoming.length) this.#machine.forbid("read what is not there");
		bytes.set(this.#incoming.splice(0, bytes.length));
	}

	write(bytes: Uint8Array): void {
		if (this.isClosed || bytes.length > this.#credit) this.#machine.forbid("wrote without credit");
		if (!this.#machine.mood.writes) throw new Error("reset");
		this.#credit -= bytes.length;
		this.#decoder.push(bytes.slice());
		for (let packet = this.#decoder.next(); packet !== undefined; packet = this.#decoder.next()) {
			this.#packets.push(packet);
		}
	}

	close(): void {
		if (this.isClosed) this.#machine.forbid("closed a socket twice");
		this.isClosed = true;
	}

	grant(count: number): void {
		this.#credit = count;
		this.#machine.call(() => this.#options.onWritable.call(this, count));
	}

	fail(): void {
		this.#machine.call(() => this.#options.onError.call(this));
	}

	/** The broker answers what has come; the answer arrives in two pieces. */
	serve(cut: number): void {
		const bytes = this.#packets
			.splice(0)
			.flatMap((packet) => answersTo(packet).flatMap((each) => [...encode(each, 4)]));
		for (const piece of [bytes.slice(0, cut), bytes.slice(cut)]) {
			if (piece.length === 0) continue;
			this.#incoming.push(...piece);
			this.#machine.call(() => this.#options.onReadable.call(this, this.#incoming.length));
		}
	}
}

function answersTo(packet: DecodedPacket): Packet[] {
	switch (packet.cmd) {
		case "connect":
			return [{ cmd: "connack", sessionPresent: false, reasonCode: 0 }];
		case "subscribe":
			return [{ cmd: "suback", messageId: packet.messageId, granted: packet.subscriptions.map(({ qos }) => qos) }];
		case "publish":
			if (packet.messageId === undefined) return [];
			return [{ cmd: packet.qos === 1 ? "puback" : "pubrec", messageId: packet.messageId, reasonCode: 0 }];
		case "pubrel":
			return [{ cmd: "pubcomp", messageId: packet.messageId, reasonCode: 0 }];
		case "pingreq":
			return [{ cmd: "pingresp" }];
		default:
			return [];
	}
}

class UdpSocket {
	isClosed = false;
	readonly #machine: Machine;
	readonly #options: UdpSocketOptions;
	readonly #packets: Datagram[] = [];
	#query = new Uint8Array(0);

	constructor(machine: Machine, options: UdpSocketOptions) {
		this.#machine = machine;
		this.#options = options;
		machine.udp.push(this);
	}

	read(): Datagram | undefined {
		return this.isClosed ? this.#machine.forbid("read from a closed socket") : this.#packets.shift();
	}

	write(bytes: Uint8Array): void {
		if (this.isClosed) this.#machine.forbid("wrote to a closed socket");
		if (!this.#machine.mood.sendsDatagrams) throw new Error("no way to it");
		this.#query = bytes.slice();
	}

	close(): void {
		if (this.isClosed) this.#machine.forbid("closed a socket twice");
		this.isClosed = true;
	}

	/** The name server answers what was asked last, now or after the socket was closed. */
	answer(how: "one" | "two" | "none" | "failed" | "cut"): void {
		const addresses = how === "one" ? 1 : how === "two" ? 2 : 0;
		const message = [...this.#query];
		message[2] = 0x81;
		message[3] = how === "none" ? 3 : how === "failed" ? 2 : 0;
		message[7] = addresses;
		for (let last = 1; last <= addresses; last++) message.push(0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 60, 0, 4, 10, 0, 0, last);
		const bytes = Uint8Array.from(how === "cut" ? message.slice(0, 13) : message);
		this.#packets.push(Object.assign(bytes.buffer, { address: "10.0.0.53", port: 53 }));
		this.#machine.call(() => this.#options.onReadable(1));
	}
}

class WiFi implements WiFiInterface {
	connection = 500;
	readonly #machine: Machine;
	readonly #options: { onChanged(property: string): void };

	constructor(machine: Machine, options: { onChanged(property: string): void }) {
		this.#machine = machine;
		this.#options = options;
		machine.wifi = this;
	}

	connect(): void {
		if (!this.#machine.mood.joins) throw new Error("it is joining");
	}

	close(): void {
		// It never calls back.
	}

	becomes(connection: number): void {
		this.connection = connection;
		this.#machine.call(() => this.#options.onChanged("connection"));
	}
}

function open(sockets: readonly { readonly isClosed: boolean }[]): number {
	return sockets.filter((socket) => !socket.isClosed).length;
}

test("whatever the platform does, and however late, no exception ends the machine, and no socket or timer is left", () => {
	let connections = 0;
	fc.assert(
		fc.property(fc.integer(), steps, (seed, all) => {
			const machine = new Machine(seed);
			for (const step of all) {
				machine.perform(step);
				expect(open(machine.udp)).toBeLessThanOrEqual(1);
				expect(open(machine.tcp)).toBeLessThanOrEqual(3); // those of earlier connections have 2 s to write their last bytes
			}
			connections += machine.connections;
			void machine.client.end();
			machine.clock.advance(10_000);
			expect(machine.faults).toEqual([]);
			expect(machine.client.state.kind).toBe("ended");
			expect([open(machine.tcp), open(machine.udp)]).toEqual([0, 0]);
			expect(machine.clock.armed).toBeLessThanOrEqual(machine.wifi?.connection === 500 ? 0 : 1); // to join the Wi-Fi again
		}),
		{ numRuns: 500 },
	);
	expect(connections).toBeGreaterThan(200); // or nothing of the above says much
});
