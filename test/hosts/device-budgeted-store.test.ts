import { describe, expect, test } from "@jest/globals";
import { BudgetedStore } from "../../hosts/device/index.ts";
import { StoreError } from "../../src/ports/index.ts";
import { MemoryStore } from "../support/memory-store.ts";
import { VirtualClock } from "../support/virtual-clock.ts";

const HOUR = 3_600_000;
const VALUE = Uint8Array.of(1);

describe("a store with a write budget", () => {
	test("refuses writes beyond it, and takes them again as the day goes on", () => {
		const clock = new VirtualClock();
		const inner = new MemoryStore();
		const store = new BudgetedStore(inner, { perDay: 24, clock });
		for (let write = 0; write < 24; write++) store.set("k", VALUE);
		expect(() => store.set("k", VALUE)).toThrow(StoreError);
		expect(() => store.set("k", VALUE)).toThrow("today's 24 writes to flash are used up");
		clock.advance(HOUR);
		store.set("k", VALUE);
		expect(() => store.set("k", VALUE)).toThrow(StoreError);
		expect(store.writes).toBe(25);
		expect(inner.writes).toBe(25);
	});

	test("never lets more through than a burst and a day's share", () => {
		const clock = new VirtualClock();
		const inner = new MemoryStore();
		const store = new BudgetedStore(inner, { perDay: 100, clock });
		for (let minute = 0; minute < 3 * 24 * 60; minute++) {
			clock.advance(60_000);
			try {
				store.set("k", VALUE);
			} catch (error) {
				expect(error).toBeInstanceOf(StoreError);
			}
		}
		expect(inner.writes).toBeLessThanOrEqual(400);
		expect(inner.writes).toBeGreaterThanOrEqual(399);
	});

	test("reads and deletes whatever the budget", () => {
		const store = new BudgetedStore(new MemoryStore(), { perDay: 1, clock: new VirtualClock() });
		store.set("a", VALUE);
		expect(store.get("a")).toEqual(VALUE);
		expect(store.keys("")).toEqual(["a"]);
		store.delete("a");
		expect(store.get("a")).toBeUndefined();
	});

	test("does not charge a write that the flash refused", () => {
		const inner = new MemoryStore();
		const store = new BudgetedStore(inner, { perDay: 1, clock: new VirtualClock() });
		inner.isFull = true;
		expect(() => store.set("a", VALUE)).toThrow("full");
		inner.isFull = false;
		store.set("a", VALUE);
		expect(store.writes).toBe(1);
	});
});
