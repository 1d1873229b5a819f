import { cpSync, readFileSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { open } from "lmdb";
import { createHub } from "../../hosts/hub/index.ts";
import { openEnvironment } from "../../hosts/hub/store/environment.ts";
import { DurableStore, StoreError } from "../../hosts/hub/store/index.ts";
import { checkPages } from "../../hosts/hub/store/page-check.ts";
import { HEADER_KEY, sealValue } from "../../hosts/hub/store/rows.ts";
import type { StoreRecord, StoreWrite } from "../../src/broker/index.ts";
import { SimulatedStore } from "../support/simulated-store.ts";
import { IN_USE, LMDB_32_BIT } from "../vectors/lmdb-32-bit.ts";
import { TemporaryFolders } from "./support/temporary-folder.ts";

const PAGE = 4_096;
const folders = new TemporaryFolders();
const model = new SimulatedStore();
let whole: string;
let bytes: Buffer;

/** A batch with small and large values, replaced and deleted ones, so that the file has pages of every kind. */
function batch(number: number): StoreWrite[] {
	return Array.from({ length: 60 }, (_, index): StoreWrite => {
		const id = number * 37 + index * 11;
		const table = index % 3 === 0 ? "message" : "queue";
		const row = { table, key: table === "message" ? ([id] as const) : ([id % 5, id] as const) } as const;
		if ((id * 7) % 10 < 3) return { kind: "delete", ...row };
		return { kind: "put", ...row, value: new Uint8Array(id % 17 === 0 ? 9_000 + id : 30 + (id % 200)).fill(id) };
	});
}

beforeAll(async () => {
	whole = folders.make();
	const store = await DurableStore.open(whole);
	for (let number = 0; number < 40; number++) {
		await store.commit(batch(number));
		model.apply(batch(number));
	}
	await store.close();
	bytes = readFileSync(join(whole, "state.mdb"));
});
afterAll(() => folders.remove());

/** A copy of the store, with this in place of its database. */
function storeWith(content: Uint8Array): string {
	const folder = folders.make();
	writeFileSync(join(folder, "state.mdb"), content);
	return folder;
}

async function rowsOf(folder: string): Promise<StoreRecord[]> {
	const store = await DurableStore.open(folder);
	try {
		return [...store.load()];
	} finally {
		await store.close();
	}
}

/** The rows of the folder's store must be refused with a reason, and its file left as it is. */
async function expectRefusal(folder: string, reason: RegExp): Promise<void> {
	const path = join(folder, "state.mdb");
	const before = readFileSync(path);
	const error: unknown = await rowsOf(folder).catch((caught: unknown) => caught);
	expect(error).toBeInstanceOf(StoreError);
	expect((error as StoreError).message).toMatch(reason);
	expect((error as StoreError).message).toContain(path);
	expect((error as StoreError).message).not.toContain("\n");
	expect(readFileSync(path).equals(before)).toBe(true);
}

function plain(rows: Iterable<StoreRecord>): unknown[] {
	return [...rows].map(({ table, key, value }) => [table, [...key], Buffer.from(value).toString("latin1")]);
}

describe("a damaged store is refused and left as it is", () => {
	test("an empty file", () => expectRefusal(storeWith(new Uint8Array(0)), /is damaged \(it is empty\)/));

	test.each([50, 200, PAGE + 100, 2 * PAGE, 0.5, 0.99])("a file cut short to %d", async (length) => {
		const folder = storeWith(bytes);
		truncateSync(join(folder, "state.mdb"), length < 1 ? Math.floor(bytes.length * length) : length);
		await expectRefusal(folder, length === 50 ? /is not a store of motehub \(too short\)/ : /is damaged \(/);
	});

	test("a value with another bit", async () => {
		const damaged = Buffer.from(bytes);
		const at = damaged.indexOf(Buffer.alloc(1_000, model.rows().find((row) => row.value.length > 9_000)?.value[0]));
		expect(at).toBeGreaterThan(0);
		damaged.writeUInt8(damaged.readUInt8(at) ^ 4, at);
		await expectRefusal(storeWith(damaged), /is damaged \(row \d+ of \d+ cannot be read\)/);
	});

	test("rows that refer to missing ones, found out by the broker", async () => {
		const folder = folders.make();
		const store = await DurableStore.open(folder);
		await store.commit([{ kind: "put", table: "retained", key: [4], value: new Uint8Array(0) }]);
		await store.close();
		const hub = createHub({ listeners: {}, store: await DurableStore.open(folder) });
		await expect(hub).rejects.toThrow(/is damaged \(Row 4 of table "retained" cannot be read: there is no message 4\)/);
		expect(await rowsOf(folder)).toHaveLength(1); // it was closed
	});

	/** One kind of damage to the file. */
	const damage = fc.oneof(
		fc.record({ kind: fc.constant("bits" as const), places: fc.array(fc.nat(), { minLength: 1, maxLength: 8 }) }),
		fc.record({ kind: fc.constant("zeros" as const), page: fc.nat() }),
		fc.record({ kind: fc.constant("noise" as const), page: fc.nat(), seed: fc.nat() }),
		fc.record({ kind: fc.constant("copy" as const), page: fc.nat(), from: fc.nat() }),
		fc.record({ kind: fc.constant("cut" as const), length: fc.nat() }),
	);

	function damaged(how: typeof damage extends fc.Arbitrary<infer T> ? T : never): Uint8Array {
		const copy = Buffer.from(bytes);
		const page = (number: number) => (number % (copy.length / PAGE)) * PAGE;
		if (how.kind === "cut") return copy.subarray(0, how.length % copy.length);
		if (how.kind === "zeros") copy.fill(0, page(how.page), page(how.page) + PAGE);
		else if (how.kind === "copy") copy.copy(copy, page(how.page), page(how.from), page(how.from) + PAGE);
		else if (how.kind === "noise") {
			for (let at = 0; at < PAGE; at++) copy[page(how.page) + at] = Math.imul(how.seed + at, 0x9e37_79b1) >>> 24;
		} else
			for (const place of how.places) copy[place % copy.length] = (copy[place % copy.length] ?? 0) ^ (1 << (place % 8));
		return copy;
	}

	test("any other damage is refused as well, unless it hit nothing that is in use", async () => {
		const rows = plain(model.rows());
		let refusals = 0;
		await fc.assert(
			fc.asyncProperty(damage, async (how) => {
				const folder = storeWith(damaged(how));
				try {
					expect(plain(await rowsOf(folder))).toEqual(rows);
					const store = await DurableStore.open(folder); // what is left is fit to be written to
					await store.commit(batch(99));
					await store.close();
				} catch (error) {
					if (!(error instanceof StoreError)) throw error;
					refusals++;
				}
			}),
			{ numRuns: 150 },
		);
		expect(refusals).toBeGreaterThan(75);
	});
});

describe("a store of others is refused and left as it is", () => {
	test("a file that is no database", () =>
		expectRefusal(storeWith(Buffer.from("a text\n".repeat(10_000))), /is not a store of motehub \(not an LMDB file\)/));

	test("an LMDB database of another program", async () => {
		const folder = folders.make();
		const database = openEnvironment(join(folder, "state.mdb"));
		database.transactionSync(() => void database.put(Buffer.from("key"), Buffer.from("value")));
		await database.close();
		await expectRefusal(folder, /is not a store of motehub \(its header is missing\)/);
	});

	test("one with sub-databases", async () => {
		const folder = folders.make();
		const root = open({ path: join(folder, "state.mdb"), overlappingSync: false });
		const inner = root.openDB<string, string>({ name: "inner" });
		inner.putSync("key", "value");
		await root.close();
		await expectRefusal(folder, /is not a store of motehub \(its header is missing\)/);
	});

	test("one whose settings are others", async () => {
		const folder = folders.make();
		const database = open<string, number>({ path: join(folder, "state.mdb"), overlappingSync: false, dupSort: true });
		database.putSync(1, "value");
		await database.close();
		await expectRefusal(folder, /is not a store of motehub \(its settings are others\)/);
	});
});

describe("the header of a store", () => {
	async function withHeader(text: string, seal = sealValue): Promise<string> {
		const folder = folders.make();
		cpSync(whole, folder, { recursive: true });
		const database = openEnvironment(join(folder, "state.mdb"));
		database.transactionSync(() => void database.put(HEADER_KEY, seal(HEADER_KEY, Buffer.from(text))));
		await database.close();
		return folder;
	}

	test("of a newer version is refused", async () => {
		await expectRefusal(await withHeader("motehub store 2"), /is of a newer motehub \(it has layout 2, .* knows 1\)/);
	});

	test("of another program is refused", async () => {
		await expectRefusal(await withHeader("other store 1"), /is not a store of motehub \(its header is another\)/);
	});

	test("with a wrong check sum is refused", async () => {
		const folder = await withHeader("motehub store 1", (_, value) => Buffer.concat([value, Buffer.alloc(4)]));
		await expectRefusal(folder, /is damaged \(the check sum of its header is wrong\)/);
	});
});

describe("the database of a system with other words", () => {
	const other = () => gunzipSync(Buffer.from(LMDB_32_BIT, "base64"));

	test("is refused", () =>
		expectRefusal(storeWith(other()), /is not a store of motehub \(of a system with other words\)/));

	test("is read where it is at home, whole and damaged", () => {
		const path = join(storeWith(other()), "state.mdb");
		expect(() => checkPages(path, 4)).not.toThrow();
		const needed = Array.from({ length: other().length / PAGE }, (_, page) => page).filter((page) => {
			writeFileSync(path, other().fill(0, page * PAGE, (page + 1) * PAGE));
			try {
				checkPages(path, 4);
			} catch (error) {
				return error instanceof StoreError;
			}
			return false;
		});
		expect(needed).toEqual(IN_USE);
	});
});

test("a whole store is read", async () => {
	expect(plain(await rowsOf(whole))).toEqual(plain(model.rows()));
});

test("what a first start left unfinished is begun again", async () => {
	const folder = folders.make();
	writeFileSync(join(folder, "state-new.mdb"), "half");
	expect(await rowsOf(folder)).toEqual([]);
});
