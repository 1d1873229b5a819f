import { beforeEach, describe, expect, test } from "@jest/globals";
import { encodeUtf8 } from "../../../src/codec/index.ts";
import type { Connection, Transport, TransportEvents } from "../../../src/ports/index.ts";
import { WebSocketTransport } from "../../../src/websocket/index.ts";
import { acceptFor } from "../../../src/websocket/upgrade.ts";
import { SeededRandom } from "../../support/seeded-random.ts";

/** A byte stream whose other end is the test. */
class Stream implements Transport {
	readonly endpoint = "hub:8080";
	events: TransportEvents | undefined;
	readonly written: Uint8Array[] = [];
	isFull = false;
	isClosed = false;
	readonly step = { phase: "tcp", message: "hub:8080 does not answer" } as const;

	open(events: TransportEvents): Connection {
		this.events = events;
		return {
			write: (bytes) => {
				this.written.push(bytes.slice());
				return !this.isFull;
			},
			close: () => {
				this.isClosed = true;
			},
			overdue: () => this.step,
		};
	}

	/** The frames that were written since the last call: opcode and payload. */
	frames(): [number, number[]][] {
		return this.written.splice(0).map((frame) => {
			const mask = frame.subarray(2, 6);
			return [(frame[0] ?? 0) & 15, [...frame.subarray(6)].map((byte, at) => byte ^ (mask[at & 3] ?? 0))];
		});
	}

	accept(...more: readonly number[]): void {
		const key = /Sec-WebSocket-Key: (.*)\r/.exec(String.fromCharCode(...(this.written.shift() ?? [])))?.[1] ?? "";
		const head = `HTTP/1.1 101 OK\r\nUpgrade: WebSocket\r\nConnection: upgrade\r\nSec-WebSocket-Accept: ${acceptFor(key)}\r\n`;
		this.events?.received(new Uint8Array([...encodeUtf8(`${head}Sec-WebSocket-Protocol: mqtt\r\n\r\n`), ...more]));
	}

	receive(...bytes: readonly number[]): void {
		this.events?.received(Uint8Array.from(bytes));
	}
}

describe("the WebSocket transport", () => {
	let stream: Stream;
	let told: string[];
	let connection: Connection;

	beforeEach(() => {
		stream = new Stream();
		told = [];
		connection = new WebSocketTransport({ transport: stream, random: new SeededRandom(1) }).open({
			opened: () => told.push("opened"),
			received: (bytes) => told.push(`received ${[...bytes].join()}`),
			writable: () => told.push("writable"),
			closed: (failure) => told.push(failure === undefined ? "closed" : `${failure.phase}: ${failure.message}`),
		});
		expect(connection.overdue?.()).toEqual(stream.step);
		stream.events?.opened();
	});

	test("says that the answer to its upgrade is what it waits for", () => {
		const message = "hub:8080: there is no answer to the upgrade: check that the port is one for WebSockets";
		expect(connection.overdue?.()).toEqual({ phase: "websocket", message });
	});

	test("is open after the handshake, and not before", () => {
		expect(told).toEqual([]);
		expect(connection.write(Uint8Array.of(1))).toBe(false);
		stream.accept(0x82, 1, 9);
		expect(told).toEqual(["opened", "received 9"]);
		expect(connection.write(Uint8Array.of(1, 2))).toBe(true);
		expect(stream.frames()).toEqual([[2, [1, 2]]]);
	});

	test("answers a ping, when the stream takes it", () => {
		stream.accept();
		stream.receive(0x89, 1, 5);
		expect(stream.frames()).toEqual([[10, [5]]]);
		stream.isFull = true;
		expect(connection.write(Uint8Array.of(1))).toBe(false);
		stream.receive(0x89, 1, 6, 0x89, 1, 7);
		expect(stream.frames()).toEqual([[2, [1]]]);
		stream.isFull = false;
		stream.events?.writable();
		expect(stream.frames()).toEqual([[10, [7]]]);
		expect(told.at(-1)).toBe("writable");
	});

	test.each([
		["in good order", [0x88, 2, 3, 0xe8], "closed"],
		["without a code", [0x88, 0], "closed"],
		["for a reason", [0x88, 4, 3, 0xf0, 0x6e, 0x0a], "websocket: hub:8080: it closed with code 1008 (n?)"],
	])("ends when the server closes %s", (_how, bytes, expected) => {
		stream.accept();
		stream.receive(...bytes);
		expect(told.at(-1)).toBe(expected);
		expect(stream.frames()).toMatchObject([[8, expect.anything()]]);
		expect(stream.isClosed).toBe(true);
	});

	test("says goodbye when its owner closes, and nothing to its owner", () => {
		stream.accept();
		connection.close();
		expect(stream.frames()).toEqual([[8, [0x03, 0xe8]]]);
		expect(stream.isClosed).toBe(true);
		stream.receive(0x82, 1, 1);
		stream.events?.closed(undefined);
		expect(told).toEqual(["opened"]);
	});

	test("fails on what is no WebSocket, and tells the server", () => {
		stream.accept();
		stream.receive(0x81, 0);
		expect(told.at(-1)).toMatch(/^websocket: hub:8080: a text message came/);
		expect(stream.frames()).toEqual([[8, [0x03, 0xeb]]]);
	});

	test("fails when there is no answer, or another one", () => {
		stream.events?.closed(undefined);
		expect(told).toEqual(["websocket: hub:8080: it closed the connection instead of an answer"]);
		stream.receive(1);
		expect(told).toHaveLength(1);
	});

	test("passes on why the stream below failed", () => {
		stream.events?.closed({ phase: "tls", message: "unknown CA" });
		expect(told).toEqual(["tls: unknown CA"]);
	});

	test("that is closed by its owner while a message arrives says no more of it", () => {
		stream.accept();
		const events = stream.events;
		connection.close();
		events?.received(Uint8Array.of(0x82, 1, 1));
		expect(told).toEqual(["opened"]);
	});
});
