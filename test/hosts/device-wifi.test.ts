import { beforeEach, describe, expect, test } from "@jest/globals";
import { LinkedTransport, WiFiLink } from "../../hosts/device/index.ts";
import type { WiFiInterface } from "../../hosts/device/platform.ts";
import type { Connection, Transport, TransportEvents } from "../../src/ports/index.ts";
import { VirtualClock } from "../support/virtual-clock.ts";

/** The interface's driver; the test is the access point. */
class FakeWiFi implements WiFiInterface {
	static last: FakeWiFi;
	static connection = 500;
	static refuses = false;
	readonly joins: unknown[] = [];
	readonly #onChanged: (property: string) => void;

	constructor(options: { onChanged(property: string): void }) {
		this.#onChanged = (property) => options.onChanged(property);
		FakeWiFi.last = this;
	}

	get connection(): number {
		return FakeWiFi.connection;
	}

	connect(network: unknown): void {
		this.joins.push(network);
		if (FakeWiFi.refuses) throw new Error("already connecting");
	}

	close(): void {
		throw new Error("the Wi-Fi is kept");
	}

	becomes(connection: number): void {
		FakeWiFi.connection = connection;
		this.#onChanged("connection");
	}
}

describe("the Wi-Fi", () => {
	let clock: VirtualClock;
	let changes: boolean[];
	let logged: string[];

	beforeEach(() => {
		FakeWiFi.connection = 500;
		FakeWiFi.refuses = false;
		clock = new VirtualClock();
		changes = [];
		logged = [];
	});

	function open(password?: string): WiFiLink {
		const log = { write: (_level: string, message: string) => logged.push(message) };
		const link = new WiFiLink({ io: FakeWiFi, ssid: "home", password, clock, log });
		link.onChange((isUp) => changes.push(isUp));
		return link;
	}

	test("that is there when the firmware starts is not joined again", () => {
		expect(open().isUp).toBe(true);
		clock.advance(600_000);
		expect(FakeWiFi.last.joins).toEqual([]);
	});

	test.each([
		[undefined, { SSID: "home" }],
		["secret", { SSID: "home", password: "secret", secure: true }],
	])("with the password %j is joined again when it is lost", (password, network) => {
		const link = open(password);
		FakeWiFi.last.becomes(200);
		expect(link.isUp).toBe(false);
		clock.advance(1_000);
		expect(FakeWiFi.last.joins).toEqual([network]);
		for (const connection of [300, 400, 500]) FakeWiFi.last.becomes(connection);
		expect(link.isUp).toBe(true);
		expect(changes).toEqual([false, true]);
		expect(clock.armed).toBe(0);
	});

	test("that somebody else joins is only watched", () => {
		FakeWiFi.connection = 200;
		const link = new WiFiLink({ io: FakeWiFi, clock, log: { write: () => undefined } });
		link.onChange((isUp) => changes.push(isUp));
		for (const connection of [300, 500, 200]) FakeWiFi.last.becomes(connection);
		clock.advance(600_000);
		expect(changes).toEqual([true, false]);
		expect(FakeWiFi.last.joins).toEqual([]);
		expect(clock.armed).toBe(0);
	});

	test("that refuses is asked less and less often, then once a minute, and never given up", () => {
		open();
		FakeWiFi.last.becomes(200);
		const joined = () => FakeWiFi.last.joins.length;
		for (const [seconds, joins] of [
			[1, 1],
			[2, 2],
			[4, 3],
		] as const) {
			clock.advance(seconds * 1_000);
			expect(joined()).toBe(joins);
			FakeWiFi.last.becomes(200);
		}
		for (let hour = 0; hour < 60; hour++) {
			clock.advance(60_000);
			FakeWiFi.last.becomes(200);
		}
		expect(joined()).toBeGreaterThan(60);
		expect(joined()).toBeLessThan(70);
	});

	test("whose driver throws is tried again", () => {
		FakeWiFi.refuses = true;
		open();
		FakeWiFi.last.becomes(200);
		clock.advance(3_000);
		expect(FakeWiFi.last.joins).toHaveLength(2);
	});

	test("does not let a listener's exception out, which would end the machine", () => {
		open().onChange(() => {
			throw new Error("oh");
		});
		FakeWiFi.last.becomes(200);
		expect(logged).toContain("unexpected exception: Wi-Fi listener");
	});

	describe("and a transport over it", () => {
		const told: string[] = [];
		const opened: TransportEvents[] = [];
		const inner: Transport = {
			endpoint: "hub:1883",
			open(events) {
				opened.push(events);
				return { write: () => true, close: () => told.push("inner closed") };
			},
		};

		beforeEach(() => {
			told.length = 0;
			opened.length = 0;
		});

		function connect(transport: Transport): Connection {
			return transport.open({
				opened: () => told.push("opened"),
				received: () => told.push("received"),
				writable: () => told.push("writable"),
				closed: (failure) => told.push(`closed: ${failure?.message}`),
			});
		}

		test("passes everything on while it is up", () => {
			const connection = connect(new LinkedTransport(inner, open(), clock));
			opened[0]?.opened();
			opened[0]?.received(new Uint8Array(1));
			expect(connection.write(new Uint8Array(1))).toBe(true);
			opened[0]?.closed(undefined);
			expect(told).toEqual(["opened", "received", "closed: undefined"]);
		});

		test("opens nothing while it is down, and says so once, not out of `open`", () => {
			const transport = new LinkedTransport(inner, open(), clock);
			FakeWiFi.last.becomes(200);
			connect(transport);
			expect(told).toEqual([]);
			clock.advance(0);
			expect(told).toEqual(["closed: there is no Wi-Fi at present"]);
			expect(opened).toEqual([]);
		});

		test("ends the connection when it goes", () => {
			connect(new LinkedTransport(inner, open(), clock));
			opened[0]?.opened();
			FakeWiFi.last.becomes(200);
			opened[0]?.closed(undefined);
			expect(told).toEqual(["opened", "inner closed", "closed: the Wi-Fi is lost"]);
		});

		test("that its owner has closed says nothing any more", () => {
			connect(new LinkedTransport(inner, open(), clock)).close();
			FakeWiFi.last.becomes(200);
			opened[0]?.closed(undefined);
			expect(told).toEqual(["inner closed"]);
		});
	});
});
