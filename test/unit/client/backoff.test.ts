import { describe, expect, test } from "@jest/globals";
import { Backoff, type BackoffScale, DEFAULT_BACKOFF } from "../../../src/client/backoff.ts";
import type { Protocol } from "../../../src/client/index.ts";
import { Harness } from "../../support/client-harness.ts";
import { SeededRandom } from "../../support/seeded-random.ts";

/** The waits of the first `count` attempts, for many seeds: [least, mean, most] of each. */
function spread(scale: BackoffScale, count: number): [number, number, number][] {
	const waits = Array.from({ length: 500 }, (_, seed) => {
		const backoff = new Backoff(DEFAULT_BACKOFF, new SeededRandom(seed));
		return Array.from({ length: count }, () => backoff.next(scale));
	});
	return Array.from({ length: count }, (_, index) => {
		const column = waits.map((row) => row[index] as number);
		return [Math.min(...column), column.reduce((a, b) => a + b) / column.length, Math.max(...column)];
	});
}

describe("Backoff", () => {
	test("of a lost connection is anything up to a bound that doubles, to the maximum", () => {
		for (const [index, [least, mean, most]] of spread("lost", 12).entries()) {
			const bound = Math.min(120_000, 1_000 * 2 ** index);
			expect(least).toBeLessThan(bound * 0.05);
			expect(mean).toBeGreaterThan(bound * 0.45);
			expect(mean).toBeLessThan(bound * 0.55);
			expect(most).toBeGreaterThan(bound * 0.95);
			expect(most).toBeLessThanOrEqual(bound);
		}
	});

	test("of a refusal is slower, and never less than half its bound", () => {
		for (const [index, [least, , most]] of spread("refused", 8).entries()) {
			const bound = Math.min(960_000, 60_000 * 2 ** index);
			expect(least).toBeGreaterThanOrEqual(bound / 2);
			expect(most).toBeLessThanOrEqual(bound);
		}
	});

	test("starts over after a reset, and stays finite without one", () => {
		const random = new SeededRandom();
		random.fixed = 1;
		const backoff = new Backoff(DEFAULT_BACKOFF, random);
		const waits = Array.from({ length: 100 }, () => backoff.next("lost"));
		expect(Math.max(...waits)).toBe(120_000);
		expect(backoff.attempts).toBe(100);
		backoff.reset();
		expect(backoff.attempts).toBe(0);
		expect(backoff.next("lost")).toBe(1_000);
	});
});

describe("reconnecting", () => {
	test("is done at once when it is told that the network is back, and only then", () => {
		const h = new Harness({});
		h.client.start();
		h.client.retry();
		expect(h.client.state.kind).toBe("connecting");
		h.accept();
		h.peer.drop();
		expect(h.client.state.kind).toBe("offline");
		h.client.retry();
		expect(h.client.state.kind).toBe("connecting");
		h.accept();
		h.client.retry();
		expect(h.client.state.kind).toBe("online");
	});

	function waits(h: Harness, kicks: number, kick: () => void): number[] {
		h.random.fixed = 0.999;
		const seen: number[] = [];
		for (let count = 0; count < kicks; count++) {
			kick();
			const { state } = h.client;
			seen.push(state.kind === "offline" ? state.retryIn : -1);
			h.retry();
		}
		return seen;
	}

	test("slows down for a broker that kicks us after every CONNACK", () => {
		const h = new Harness();
		h.client.start();
		const seen = waits(h, 5, () => {
			h.accept();
			h.advance(5_000);
			h.peer.drop();
		});
		expect(seen).toEqual([999, 1_998, 3_996, 7_992, 15_984]);
	});

	test("starts over after a stable connection", () => {
		const h = new Harness();
		h.client.start();
		const seen = waits(h, 3, () => {
			h.accept();
			h.advance(30_000);
			h.peer.drop();
		});
		expect(seen).toEqual([999, 999, 999]);
	});

	test("counts its attempts", () => {
		const h = new Harness();
		h.client.start();
		waits(h, 3, () => h.peer.drop({ phase: "tcp", message: "refused" }));
		const attempts = h.states.flatMap((state) => (state.kind === "connecting" ? [state.attempt] : []));
		expect(attempts).toEqual([1, 2, 3, 4]);
	});

	const slow: readonly (readonly [string, Protocol, (h: Harness) => void])[] = [
		["CONNACK 4", "3.1.1", (h) => h.accept({ reasonCode: 4 })],
		["CONNACK 5", "3.1.1", (h) => h.accept({ reasonCode: 5 })],
		["CONNACK 2", "3.1.1", (h) => h.accept({ reasonCode: 2 })],
		["0x86", "5", (h) => h.accept({ reasonCode: 0x86 })],
		["banned", "5", (h) => h.accept({ reasonCode: 0x8a })],
		["quota exceeded", "5", (h) => h.accept({ reasonCode: 0x97 })],
		["a kick for the quota", "5", (h) => h.accept().send({ cmd: "disconnect", reasonCode: 0x97 })],
		["a kick by a person", "5", (h) => h.accept().send({ cmd: "disconnect", reasonCode: 0x98 })],
		["a take-over", "5", (h) => h.accept().send({ cmd: "disconnect", reasonCode: 0x8e })],
	];

	test.each(slow)("waits long after %s", (_name, protocol, refuse) => {
		const h = new Harness({ protocol });
		h.random.fixed = 0.5;
		h.client.start();
		refuse(h);
		expect(h.client.state).toMatchObject({ kind: "offline", retryIn: 45_000 });
	});

	const soon: readonly (readonly [string, Protocol, (h: Harness) => void])[] = [
		["CONNACK 3", "3.1.1", (h) => h.accept({ reasonCode: 3 })],
		["server busy", "5", (h) => h.accept({ reasonCode: 0x89 })],
		["a shutdown", "5", (h) => h.accept().send({ cmd: "disconnect", reasonCode: 0x8b })],
		["a lost connection", "5", (h) => h.accept().drop()],
	];

	test.each(soon)("waits shortly after %s", (_name, protocol, lose) => {
		const h = new Harness({ protocol });
		h.random.fixed = 0.5;
		h.client.start();
		lose(h);
		expect(h.client.state).toMatchObject({ kind: "offline", retryIn: 500 });
	});
});
