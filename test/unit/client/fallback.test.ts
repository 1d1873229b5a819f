import { describe, expect, test } from "@jest/globals";
import type { Protocol } from "../../../src/client/index.ts";
import type { TransportFailure } from "../../../src/ports/index.ts";
import { Harness, type Peer } from "../../support/client-harness.ts";
import { MemoryStore } from "../../support/memory-store.ts";

/** What a broker does with a CONNECT. */
type Conduct = (peer: Peer) => void;

const CONNACK_3_CODE_1 = new Uint8Array([0x20, 2, 0, 1]);
const RESET: TransportFailure = { phase: "tcp", message: "reset by peer" };

const answer =
	(bytes: readonly number[]): Conduct =>
	(peer) =>
		peer.sendBytes(new Uint8Array(bytes));
const closes: Conduct = (peer) => peer.drop();
const accepts: Conduct = (peer) => peer.send({ cmd: "connack", sessionPresent: false, reasonCode: 0 });

function attempt(h: Harness, conduct: Conduct): void {
	h.connect();
	conduct(h.peer);
}

describe("the ladder goes down", () => {
	const refusals: readonly (readonly [string, Protocol, Protocol, Conduct])[] = [
		["CONNACK 1", "3.1.1", "3.1", answer([0x20, 2, 0, 1])],
		["CONNACK 1, then a close", "3.1.1", "3.1", (peer) => [peer.sendBytes(CONNACK_3_CODE_1), peer.drop()]],
		["a close without a byte", "3.1.1", "3.1", closes],
		["a reset without a byte", "3.1.1", "3.1", (peer) => peer.drop(RESET)],
		["0x84", "5", "3.1.1", answer([0x20, 3, 0, 0x84, 0])],
		["0x01", "5", "3.1.1", answer([0x20, 3, 0, 1, 0])],
		["code 1 in a CONNACK of 3.1.1", "5", "3.1.1", answer([0x20, 2, 0, 1])],
		["a close without a byte at 5", "5", "3.1.1", closes],
	];

	test.each(refusals)("at once on %s", (_name, top, next, refuse) => {
		const h = new Harness({ protocol: top });
		h.client.start();
		attempt(h, refuse);
		expect(h.attempts).toEqual([top, next]);
		expect(h.states[1]).toMatchObject({ kind: "offline", retryIn: 0, reason: { phase: "connect", protocol: top } });
		attempt(h, accepts);
		expect(h.client.state).toMatchObject({ kind: "online", protocol: next });
	});

	test("also when the answer arrives byte by byte", () => {
		const h = new Harness({ protocol: "5" });
		h.client.start();
		h.connect();
		for (const byte of CONNACK_3_CODE_1) h.peer.sendBytes(new Uint8Array([byte]));
		expect(h.attempts).toEqual(["5", "3.1.1"]);
	});

	test("from 5 to 3.1, each rung once, with name and level together", () => {
		const h = new Harness({ protocol: "5" });
		h.client.start();
		const seen: string[] = [];
		for (const conduct of [answer([0x20, 2, 0, 1]), closes, accepts]) {
			const { protocolId, protocolVersion } = h.connect();
			seen.push(`${protocolId} ${protocolVersion}`);
			conduct(h.peer);
		}
		expect(seen).toEqual(["MQTT 5", "MQTT 4", "MQIsdp 3"]);
		expect(h.client.state).toMatchObject({ kind: "online", protocol: "3.1" });
	});
});

describe("the ladder stays", () => {
	const others: readonly (readonly [string, Protocol, (h: Harness) => void])[] = [
		["a refused TCP connection", "3.1.1", (h) => h.peer.drop({ phase: "tcp", message: "refused" })],
		["a name that is not found", "3.1.1", (h) => h.peer.drop({ phase: "dns", message: "not found" })],
		["a failed TLS handshake", "3.1.1", (h) => h.peer.drop({ phase: "tls", message: "bad certificate" })],
		["a TLS alert after CONNECT", "3.1.1", (h) => attempt(h, (p) => p.drop({ phase: "tls", message: "alert" }))],
		["a failed WebSocket upgrade", "3.1.1", (h) => h.peer.drop({ phase: "websocket", message: "404" })],
		["a close before it was open", "3.1.1", (h) => h.peer.drop()],
		["a transport that never opens", "3.1.1", (h) => h.advance(10_000)],
		["silence", "3.1.1", (h) => attempt(h, () => h.advance(10_000))],
		["silence at 5", "5", (h) => attempt(h, () => h.advance(10_000))],
		["a close within the answer", "3.1.1", (h) => attempt(h, (p) => [p.sendBytes(new Uint8Array([0x20])), p.drop()])],
		["a bad user name or password", "3.1.1", (h) => attempt(h, answer([0x20, 2, 0, 4]))],
		["no authorization", "3.1.1", (h) => attempt(h, answer([0x20, 2, 0, 5]))],
		["a refused client id", "3.1.1", (h) => attempt(h, answer([0x20, 2, 0, 2]))],
		["an unavailable broker", "3.1.1", (h) => attempt(h, answer([0x20, 2, 0, 3]))],
		["0x86", "5", (h) => attempt(h, answer([0x20, 3, 0, 0x86, 0]))],
		["0x88", "5", (h) => attempt(h, answer([0x20, 3, 0, 0x88, 0]))],
		["an acceptance of 5 in the form of 3.1.1", "5", (h) => attempt(h, answer([0x20, 2, 0, 0]))],
		["credentials refused in the form of 3.1.1", "5", (h) => attempt(h, answer([0x20, 2, 0, 4]))],
		["a malformed answer", "5", (h) => attempt(h, answer([0x20, 3, 2, 0x84, 0]))],
		["an answer that is no MQTT", "3.1.1", (h) => attempt(h, answer([0x48, 0x54, 0x54, 0x50]))],
	];

	test.each(others)("where it is on %s", (_name, top, happen) => {
		const h = new Harness({ protocol: top });
		h.random.fixed = 0.5;
		h.client.start();
		happen(h);
		expect(h.client.state.kind).toBe("offline");
		h.retry();
		expect(h.attempts).toEqual([top, top]);
	});

	test("says that silence may mean the version", () => {
		const h = new Harness({ protocol: "5" });
		h.client.start();
		attempt(h, () => h.advance(10_000));
		expect(h.reasons[0]?.message).toMatch(/not know MQTT 5/);
	});
});

describe("when the last rung fails as well", () => {
	test("it was not the version: both possibilities are named, and the top is next, with backoff", () => {
		const h = new Harness();
		h.random.fixed = 0.5;
		h.client.start();
		attempt(h, closes);
		attempt(h, closes);
		expect(h.attempts).toEqual(["3.1.1", "3.1"]);
		expect(h.reasons[1]?.message).toMatch(/MQTT 3\.1\b.*user name.*No version was accepted/);
		expect(h.client.state).toMatchObject({ kind: "offline", retryIn: 500 });
		h.retry();
		expect(h.attempts).toEqual(["3.1.1", "3.1", "3.1.1"]);
	});

	test("the remembered rung is not where the next round begins", () => {
		const store = new MemoryStore();
		remember(store, "5", "3.1");
		const h = new Harness({ protocol: "5" }, { store });
		h.random.fixed = 0.5;
		h.client.start();
		attempt(h, closes);
		h.retry();
		expect(h.attempts).toEqual(["3.1", "5"]);
	});
});

function remember(store: MemoryStore, top: Protocol, found: Protocol): void {
	const h = new Harness({ protocol: top }, { store });
	h.random.fixed = 0.5;
	h.client.start();
	while (h.attempts.at(-1) !== found) attempt(h, answer([0x20, 2, 0, 1]));
	attempt(h, accepts);
}

describe("the rung that CONNACK 0 arrived at", () => {
	test("is where the next connection begins", () => {
		const h = new Harness();
		h.random.fixed = 0.5;
		h.client.start();
		attempt(h, answer([0x20, 2, 0, 1]));
		attempt(h, accepts);
		h.peer.drop();
		h.retry();
		expect(h.attempts).toEqual(["3.1.1", "3.1", "3.1"]);
	});

	test("is remembered over a restart, for its broker alone", () => {
		const store = new MemoryStore();
		remember(store, "5", "3.1.1");
		const again = new Harness({ protocol: "5" }, { store });
		again.random.fixed = 0.5;
		again.client.start();
		expect(again.attempts).toEqual(["3.1.1"]);
		const key = [...store.records.keys()].find((name) => name.startsWith("motehub/version/"));
		expect(key).toHaveLength("motehub/version/".length + 8);
		const elsewhere = new MemoryStore();
		elsewhere.set("motehub/version/00000000", store.get(key as string) as Uint8Array);
		const other = new Harness({ protocol: "5" }, { store: elsewhere });
		other.random.fixed = 0.5;
		other.client.start();
		expect(other.attempts).toEqual(["5"]);
	});

	test("is not remembered before: a version that only the credentials were refused at proves nothing", () => {
		const store = new MemoryStore();
		const h = new Harness({}, { store });
		h.random.fixed = 0.5;
		h.client.start();
		attempt(h, answer([0x20, 2, 0, 1]));
		attempt(h, answer([0x20, 2, 0, 4]));
		h.retry();
		expect(h.attempts).toEqual(["3.1.1", "3.1", "3.1.1"]);
		expect([...store.records.keys()].filter((key) => key.startsWith("motehub/version/"))).toEqual([]);
	});

	test("does not count when it is above the protocol asked for", () => {
		const store = new MemoryStore();
		remember(store, "5", "5");
		const h = new Harness({ protocol: "3.1.1" }, { store });
		h.random.fixed = 0.5;
		h.client.start();
		expect(h.attempts).toEqual(["3.1.1"]);
	});

	test("gives way to the top after a day", () => {
		const h = new Harness({ keepAlive: 0 });
		h.random.fixed = 0.5;
		h.client.start();
		attempt(h, answer([0x20, 2, 0, 1]));
		attempt(h, accepts);
		h.advance(23 * 3_600_000);
		h.peer.drop();
		h.retry();
		attempt(h, accepts);
		h.advance(3_600_000);
		h.peer.drop();
		h.retry();
		expect(h.attempts).toEqual(["3.1.1", "3.1", "3.1", "3.1.1"]);
	});

	test("gives way to the top now and then, for devices that never run for a day", () => {
		const store = new MemoryStore();
		remember(store, "5", "3.1.1");
		const tops = Array.from({ length: 640 }, (_, seed) => {
			const h = new Harness({ protocol: "5" }, { store: store.copy(), seed });
			h.client.start();
			return h.attempts[0];
		}).filter((protocol) => protocol === "5").length;
		expect(tops).toBeGreaterThan(5);
		expect(tops).toBeLessThan(50);
	});

	test("is kept when a trial of the top meets silence", () => {
		const h = new Harness({ keepAlive: 0 });
		h.random.fixed = 0.5;
		h.client.start();
		attempt(h, answer([0x20, 2, 0, 1]));
		attempt(h, accepts);
		h.advance(25 * 3_600_000);
		h.peer.drop();
		h.retry();
		attempt(h, () => h.advance(10_000));
		h.retry();
		expect(h.attempts).toEqual(["3.1.1", "3.1", "3.1.1", "3.1"]);
	});

	test("is not given up for a lower one because a broker went down after it read a CONNECT", () => {
		const store = new MemoryStore();
		const h = new Harness({}, { store });
		h.random.fixed = 0.5;
		h.accept().drop();
		h.retry();
		attempt(h, closes);
		attempt(h, accepts); // the broker is back, and takes 3.1 as well
		expect(h.client.state).toMatchObject({ kind: "online", protocol: "3.1" });
		h.peer.drop();
		h.retry();
		expect(h.attempts).toEqual(["3.1.1", "3.1.1", "3.1", "3.1.1"]);
		attempt(h, closes); // again: so the broker was replaced by an old one
		attempt(h, accepts);
		h.peer.drop();
		h.retry();
		expect(h.attempts.at(-1)).toBe("3.1");
	});
});
