import { beforeEach, describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import type { Resolution, Resolver } from "../../hosts/device/dns/resolver.ts";
import { TcpTransport } from "../../hosts/device/index.ts";
import type { TargetedSocket, TcpSocketOptions } from "../../hosts/device/platform.ts";
import type { Connection, TransportFailure } from "../../src/ports/index.ts";
import { VirtualClock } from "../support/virtual-clock.ts";

/** A socket as strict as the platform's: it throws for what native code throws for. */
class FakeTcp implements TargetedSocket<unknown> {
	static all: FakeTcp[] = [];
	static refuse: (address: string) => boolean = () => false;
	readonly target: unknown;
	readonly address: string;
	readonly port: number;
	isClosed = false;
	failsToWrite = false;
	readonly #options: TcpSocketOptions;
	readonly #written: number[] = [];
	#credit = 0;
	#incoming: number[] = [];

	constructor(options: TcpSocketOptions) {
		if (FakeTcp.refuse(options.address)) throw new Error("connect error");
		this.#options = options;
		this.target = options.target;
		this.address = options.address;
		this.port = options.port;
		FakeTcp.all.push(this);
	}

	get written(): string {
		return Buffer.from(this.#written).toString();
	}

	read(bytes: Uint8Array): void {
		if (this.isClosed || bytes.length === 0 || bytes.length > this.#incoming.length) throw new Error("invalid");
		bytes.set(this.#incoming.splice(0, bytes.length));
	}

	write(bytes: Uint8Array): void {
		if (this.isClosed || this.failsToWrite) throw new Error("not ready");
		if (bytes.length > this.#credit) throw new Error("would block");
		this.#credit -= bytes.length;
		this.#written.push(...bytes);
	}

	close(): void {
		if (this.isClosed) throw new Error("closed twice");
		this.isClosed = true;
	}

	// What the network does. Some platforms still call back after `close`.

	grant(credit: number): void {
		this.#credit = credit;
		this.#options.onWritable.call(this, credit);
	}

	receive(text: string): void {
		this.#incoming.push(...Buffer.from(text));
		this.#options.onReadable.call(this, this.#incoming.length);
	}

	fail(): void {
		this.#options.onError.call(this);
	}
}

/** What the owner of the connection is told, and what it does then. */
class Owner {
	readonly told: string[] = [];
	failure: TransportFailure | undefined;
	text = "";
	onReceived: () => void = () => undefined;
	#isCalling = false;

	/** Runs `action`, during which no event may come. */
	quietly<T>(action: () => T): T {
		this.#isCalling = true;
		const result = action();
		this.#isCalling = false;
		return result;
	}

	readonly events = {
		opened: () => this.#tell("opened"),
		received: (bytes: Uint8Array) => {
			this.#tell(`received ${bytes.length}`);
			this.text += Buffer.from(bytes).toString();
			this.onReceived();
		},
		writable: () => this.#tell("writable"),
		closed: (failure: TransportFailure | undefined) => {
			this.#tell("closed");
			this.failure = failure;
		},
	};

	#tell(event: string): void {
		if (this.#isCalling) throw new Error(`${event} came out of a call`);
		this.told.push(event);
	}
}

describe("the device's TCP transport", () => {
	let clock: VirtualClock;
	let owner: Owner;
	let connection: Connection;
	let logged: string[];
	let resolve: (resolution: Resolution) => void;
	let lookupsCancelled: number;

	beforeEach(() => {
		FakeTcp.all = [];
		FakeTcp.refuse = () => false;
		clock = new VirtualClock();
		owner = new Owner();
		logged = [];
		lookupsCancelled = 0;
		const resolver = {
			resolve: (_host: string, done: (resolution: Resolution) => void) => {
				resolve = done;
				return { cancel: () => lookupsCancelled++ };
			},
		} as unknown as Resolver;
		const log = { write: (level: string, message: string) => void logged.push(`${level}: ${message}`) };
		const transport = new TcpTransport({ host: "broker.local", port: 1883, io: FakeTcp, resolver, clock, log });
		expect(transport.endpoint).toBe("broker.local:1883");
		connection = owner.quietly(() => transport.open(owner.events));
	});

	function socket(index = FakeTcp.all.length - 1): FakeTcp {
		const found = FakeTcp.all[index];
		if (!found) throw new Error("no socket was opened");
		return found;
	}

	function open(credit = 1_000): FakeTcp {
		resolve({ addresses: ["10.0.0.1"] });
		socket().grant(credit);
		return socket();
	}

	function write(text: string): boolean {
		return owner.quietly(() => connection.write(Buffer.from(text)));
	}

	function isReleased(): boolean {
		return FakeTcp.all.every((each) => each.isClosed) && clock.armed === 0;
	}

	describe("opening", () => {
		test("is over when the socket gives credit for the first time", () => {
			resolve({ addresses: ["10.0.0.1"] });
			expect([socket().address, socket().port]).toEqual(["10.0.0.1", 1883]);
			expect(owner.told).toEqual([]);
			socket().grant(100);
			expect(owner.told).toEqual(["opened"]);
			expect(clock.armed).toBe(0);
		});

		test("fails in the phase dns when there is no address", () => {
			resolve({ failure: "broker.local does not exist" });
			expect(owner.failure).toEqual({ phase: "dns", message: "broker.local does not exist" });
			expect(isReleased()).toBe(true);
		});

		test("tries the addresses in turn, and says in the end which", () => {
			resolve({ addresses: ["10.0.0.1", "10.0.0.2"] });
			socket(0).fail();
			expect([socket(0).isClosed, socket(1).address]).toEqual([true, "10.0.0.2"]);
			socket(1).fail();
			expect(owner.told).toEqual(["closed"]);
			expect(owner.failure).toEqual({
				phase: "tcp",
				message: "broker.local:1883 refused the connection or cannot be reached (tried 10.0.0.1, 10.0.0.2)",
			});
			expect(isReleased()).toBe(true);
		});

		test("leaves an address that does not answer after 3 s, but not the last one", () => {
			resolve({ addresses: ["10.0.0.1", "10.0.0.2"] });
			clock.advance(2_999);
			expect(FakeTcp.all).toHaveLength(1);
			clock.advance(1);
			expect([socket(0).isClosed, socket(1).address]).toEqual([true, "10.0.0.2"]);
			clock.advance(60_000);
			expect(socket(1).isClosed).toBe(false);
			socket(0).grant(50); // too late
			expect(owner.told).toEqual([]);
			socket(1).grant(50);
			expect(owner.told).toEqual(["opened"]);
		});

		test("says what it waits for, to be told if its owner waits no longer", () => {
			expect(connection.overdue?.()).toEqual({
				phase: "dns",
				message: "broker.local is not found yet: check the name, and the network's DNS server",
			});
			resolve({ addresses: ["10.0.0.1"] });
			expect(connection.overdue?.()).toEqual({
				phase: "tcp",
				message:
					"broker.local:1883 does not answer (tried 10.0.0.1): check address, port and firewall, and that it is on",
			});
		});

		test("goes on when the platform throws instead of calling back", () => {
			FakeTcp.refuse = (address) => address !== "10.0.0.3";
			resolve({ addresses: ["10.0.0.1", "10.0.0.2", "10.0.0.3"] });
			expect(socket().address).toBe("10.0.0.3");
			socket().grant(50);
			expect(owner.told).toEqual(["opened"]);
		});

		test("fails when the platform throws for every address", () => {
			FakeTcp.refuse = () => true;
			resolve({ addresses: ["10.0.0.1"] });
			expect(owner.failure?.phase).toBe("tcp");
			expect(isReleased()).toBe(true);
		});

		test("can be given up while the name is looked up", () => {
			owner.quietly(() => connection.close());
			expect(lookupsCancelled).toBeGreaterThan(0);
			expect(isReleased()).toBe(true);
		});

		test("can be given up while the socket connects; nothing is told afterwards", () => {
			resolve({ addresses: ["10.0.0.1", "10.0.0.2"] });
			owner.quietly(() => connection.close());
			owner.quietly(() => connection.close());
			socket(0).grant(10);
			socket(0).fail();
			expect(owner.told).toEqual([]);
			expect(isReleased()).toBe(true);
		});
	});

	describe("writing", () => {
		test("spends the credit, keeps the rest, and tells when it has gone", () => {
			const tcp = open(4);
			expect(write("abc")).toBe(true);
			expect(write("defgh")).toBe(false);
			expect(tcp.written).toBe("abcd");
			tcp.grant(2);
			expect([tcp.written, owner.told]).toEqual(["abcdef", ["opened"]]);
			tcp.grant(100);
			expect([tcp.written, owner.told]).toEqual(["abcdefgh", ["opened", "writable"]]);
			expect(write("i")).toBe(true);
		});

		test("tells nothing about credit that nobody waits for", () => {
			const tcp = open(4);
			tcp.grant(4);
			expect(owner.told).toEqual(["opened"]);
		});

		test("is not possible before the connection is open, nor after it is closed", () => {
			expect(write("early")).toBe(false);
			const tcp = open();
			owner.quietly(() => connection.close());
			expect(write("late")).toBe(false);
			expect(tcp.written).toBe("");
		});

		test("that the platform refuses ends the connection, later", () => {
			const tcp = open();
			tcp.failsToWrite = true;
			expect(write("a")).toBe(false);
			expect(write("b")).toBe(false);
			clock.advance(0);
			expect(owner.told).toEqual(["opened", "closed"]);
			expect(isReleased()).toBe(true);
		});

		test("sends every byte once and in order, however the credit comes", () => {
			fc.assert(
				fc.property(
					fc.array(fc.string(), { maxLength: 8 }),
					fc.array(fc.nat(9), { maxLength: 40 }),
					(texts, credits) => {
						const all = texts.map((each) => Buffer.from(each).toString("hex"));
						const tcp = reopened();
						for (const text of all) {
							write(text);
							tcp.grant(credits.shift() ?? 1);
						}
						for (let turn = 0; turn < 1_000; turn++) tcp.grant(7);
						expect(tcp.written).toBe(all.join(""));
					},
				),
			);
		});

		/** Another connection, for properties. */
		function reopened(): FakeTcp {
			owner = new Owner();
			const resolver = {
				resolve: (_host: string, done: (resolution: Resolution) => void) => {
					resolve = done;
					return { cancel: () => undefined };
				},
			} as unknown as Resolver;
			const log = { write: () => undefined };
			connection = new TcpTransport({ host: "h", port: 1, io: FakeTcp, resolver, clock, log }).open(owner.events);
			return open(0);
		}
	});

	describe("reading", () => {
		test("hands everything over in pieces of at most 1 KB, each with a buffer of its own", () => {
			const tcp = open();
			tcp.receive("x".repeat(2_500));
			expect(owner.told).toEqual(["opened", "received 1024", "received 1024", "received 452"]);
			expect(owner.text).toBe("x".repeat(2_500));
		});

		test("stops when the owner closes the connection at a piece", () => {
			const tcp = open();
			owner.onReceived = () => connection.close();
			tcp.receive("x".repeat(2_500));
			expect(owner.told).toEqual(["opened", "received 1024"]);
		});

		test("is over when the peer closes: in good order, as far as the platform tells", () => {
			const tcp = open();
			tcp.receive("last");
			tcp.fail();
			tcp.fail();
			expect(owner.told).toEqual(["opened", "received 4", "closed"]);
			expect(owner.failure).toBeUndefined();
			expect(isReleased()).toBe(true);
		});
	});

	describe("closing", () => {
		test("waits until everything that was written is sent", () => {
			const tcp = open(3);
			write("abcdef");
			owner.quietly(() => connection.close());
			expect(tcp.isClosed).toBe(false);
			tcp.receive("nobody listens");
			tcp.grant(10);
			expect([tcp.written, tcp.isClosed]).toEqual(["abcdef", true]);
			expect(owner.told).toEqual(["opened"]);
			expect(isReleased()).toBe(true);
		});

		test("does not wait longer than 2 s, also when it is called again", () => {
			const tcp = open(3);
			write("abcdef");
			owner.quietly(() => connection.close());
			clock.advance(1_999);
			owner.quietly(() => connection.close());
			expect(tcp.isClosed).toBe(false);
			clock.advance(1);
			expect(isReleased()).toBe(true);
			expect(owner.told).toEqual(["opened"]);
		});

		test("ends at once when the peer closes meanwhile", () => {
			const tcp = open(3);
			write("abcdef");
			owner.quietly(() => connection.close());
			tcp.fail();
			expect(isReleased()).toBe(true);
			expect(owner.told).toEqual(["opened"]);
		});
	});

	test("an exception of the owner does not reach the platform: it is logged, and the connection ends", () => {
		const tcp = open();
		owner.onReceived = () => {
			throw new Error("a fault in the program");
		};
		expect(() => tcp.receive("bytes")).not.toThrow();
		expect(logged).toEqual(["error: unexpected exception: connection given up"]);
		expect(owner.told).toEqual(["opened", "received 5", "closed"]);
		expect(owner.failure?.message).toContain("a fault in the program");
		expect(isReleased()).toBe(true);
	});
});
