import { describe, expect, test } from "@jest/globals";
import { BudgetedStore, WRITES_PER_DAY } from "../../hosts/device/index.ts";
import { DEVICE_LIMITS } from "../../src/client/index.ts";
import { StoreError } from "../../src/ports/index.ts";
import { MemoryStore } from "../support/memory-store.ts";
import { VirtualClock } from "../support/virtual-clock.ts";

const HOUR = 3_600_000;
const VALUE = Uint8Array.of(1);

describe("a store with a write budget", () => {
	/** Writes until it is refused, and returns how often that went well. */
	function fill(store: BudgetedStore): number {
		for (let writes = 0; ; writes++) {
			try {
				store.set("k", VALUE);
			} catch (error) {
				expect(error).toBeInstanceOf(StoreError);
				return writes;
			}
		}
	}

	test("refuses writes beyond it, and takes them again as the day goes on", () => {
		const clock = new VirtualClock();
		const inner = new MemoryStore();
		const store = new BudgetedStore(inner, { perDay: 24, clock });
		expect(fill(store)).toBe(24);
		expect(() => store.set("k", VALUE)).toThrow("no write to flash is free: there are 24 a day");
		clock.advance(HOUR);
		expect(fill(store)).toBe(1);
		expect(store.writes).toBe(25);
		expect(inner.writes).toBe(25);
	});

	test("begins with an outbox full, and has a day's writes after a day", () => {
		const clock = new VirtualClock();
		const store = new BudgetedStore(new MemoryStore(), { perDay: 2_400, clock });
		expect(fill(store)).toBe(DEVICE_LIMITS.outboxMessages);
		clock.advance(HOUR);
		expect(fill(store)).toBe(100);
		clock.advance(48 * HOUR);
		expect(fill(store)).toBe(2_400);
	});

	test("begins with what it is given", () => {
		const clock = new VirtualClock();
		expect(fill(new BudgetedStore(new MemoryStore(), { perDay: 2_400, atStart: 2, clock }))).toBe(2);
	});

	test("keeps a board that starts again and again from wearing out its flash in days", () => {
		const clock = new VirtualClock();
		const inner = new MemoryStore();
		for (let start = 0; start < 6 * 60; start++) {
			fill(new BudgetedStore(inner, { perDay: WRITES_PER_DAY, clock }));
			clock.advance(10_000);
		}
		const bearable = 12e6 / 40;
		expect(24 * inner.writes).toBeLessThan(bearable);
	});

	test("never lets more through than what it begins with and a day's share", () => {
		const clock = new VirtualClock();
		const inner = new MemoryStore();
		const store = new BudgetedStore(inner, { perDay: 100, clock });
		for (let minute = 0; minute < 3 * 24 * 60; minute++) {
			clock.advance(60_000);
			fill(store);
		}
		expect(inner.writes).toBeLessThanOrEqual(332);
		expect(inner.writes).toBeGreaterThanOrEqual(331);
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
