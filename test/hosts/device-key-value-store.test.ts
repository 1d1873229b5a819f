import { beforeEach, describe, expect, test } from "@jest/globals";
import { KeyValueStore } from "../../hosts/device/index.ts";
import type { KeyValueDomain } from "../../hosts/device/platform.ts";
import { StoreError } from "../../src/ports/index.ts";

/** Flash as the ESP32 has it: names of 15 characters. */
class Flash implements KeyValueDomain {
	readonly entries = new Map<string, ArrayBuffer>();
	isFull = false;

	read(key: string): ArrayBuffer | undefined {
		return this.entries.get(checked(key));
	}

	write(key: string, value: Uint8Array): void {
		if (this.isFull) throw new Error("ESP_ERR_NVS_NOT_ENOUGH_SPACE");
		this.entries.set(checked(key), Uint8Array.from(value).buffer);
	}

	delete(key: string): void {
		this.entries.delete(checked(key));
	}

	[Symbol.iterator](): Iterator<string> {
		return this.entries.keys();
	}
}

function checked(key: string): string {
	if (key.length < 1 || key.length > 15) throw new Error("ESP_ERR_NVS_KEY_TOO_LONG");
	return key;
}

// Found by search: FNV-1a gives all three the same 32 bits.
const [FIRST, SECOND, THIRD] = ["out/1rmscg88", "out/136xnmuq", "out/es19m66"] as const;
const LONG = "outbox/0000000000000001/a-key-of-64-characters-in-all--------";

describe("the store in key-value flash storage", () => {
	let flash: Flash;
	let store: KeyValueStore;

	beforeEach(() => {
		flash = new Flash();
		store = new KeyValueStore(flash);
	});

	test.each(["k", "rung/broker.local:1883", LONG])("keeps %s, also over a restart", (key) => {
		store.set(key, Uint8Array.of(1, 2, 3));
		expect(new KeyValueStore(flash).get(key)).toEqual(Uint8Array.of(1, 2, 3));
	});

	test("keeps an empty value apart from no value", () => {
		store.set("empty", new Uint8Array(0));
		expect(store.get("empty")).toEqual(new Uint8Array(0));
		expect(store.get("missing")).toBeUndefined();
	});

	test("replaces and deletes; a missing key is no error", () => {
		store.set("a", Uint8Array.of(1));
		store.set("a", Uint8Array.of(2));
		expect(store.get("a")).toEqual(Uint8Array.of(2));
		store.delete("a");
		store.delete("a");
		expect(store.get("a")).toBeUndefined();
		expect(flash.entries.size).toBe(0);
	});

	test("lists the keys of a prefix in order, and nothing that others put into the domain", () => {
		flash.write("foreign", Uint8Array.of(200, 1));
		flash.write("empty", new Uint8Array(0));
		for (const key of ["out/2", "rung", "out/1"]) store.set(key, Uint8Array.of(0));
		expect(store.keys("out/")).toEqual(["out/1", "out/2"]);
		expect(store.keys("")).toEqual(["out/1", "out/2", "rung"]);
	});

	describe("two keys of one hash", () => {
		test("are kept side by side, in whatever order they come and go", () => {
			store.set(FIRST, Uint8Array.of(1));
			store.set(SECOND, Uint8Array.of(2));
			expect([store.get(FIRST), store.get(SECOND)]).toEqual([Uint8Array.of(1), Uint8Array.of(2)]);
			store.delete(FIRST);
			expect([store.get(FIRST), store.get(SECOND)]).toEqual([undefined, Uint8Array.of(2)]);
			store.set(SECOND, Uint8Array.of(3));
			expect(flash.entries.size).toBe(1);
		});

		test("leave no place for a third one", () => {
			store.set(FIRST, Uint8Array.of(1));
			store.set(SECOND, Uint8Array.of(2));
			expect(() => store.set(THIRD, Uint8Array.of(3))).toThrow(StoreError);
		});
	});

	test("says with a StoreError what the medium refused", () => {
		flash.isFull = true;
		expect(() => store.set("a", Uint8Array.of(1))).toThrow(StoreError);
		expect(() => store.set("a", Uint8Array.of(1))).toThrow(/cannot write "a".*NOT_ENOUGH_SPACE/);
	});
});
