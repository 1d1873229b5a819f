import { afterEach, describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { DurableStore, type HubStore, MemoryStore } from "../../hosts/hub/store/index.ts";
import { STORE_TABLES, type StoreKey, type StoreRecord, type StoreWrite } from "../../src/broker/index.ts";
import { SimulatedStore } from "../support/simulated-store.ts";
import { MqttJs, receive } from "./support/mqtt-js.ts";
import { type RunningHub, startHub } from "./support/running-hub.ts";
import { TemporaryFolders } from "./support/temporary-folder.ts";

const folders = new TemporaryFolders();
const opened: HubStore[] = [];

interface Kind {
	readonly name: string;
	/** Whether it holds what was committed when it is opened anew. */
	readonly isDurable: boolean;
	readonly open: (folder: string) => Promise<HubStore>;
}

const KINDS: readonly Kind[] = [
	{ name: "memory", isDurable: false, open: () => Promise.resolve(new MemoryStore()) },
	{ name: "lmdb", isDurable: true, open: (folder) => DurableStore.open(folder) },
];

const { keys, values } = {
	/** Few, so that rows are replaced and deleted. */
	keys: fc.oneof(
		fc.tuple(fc.integer({ min: 1, max: 20 })),
		fc.tuple(fc.integer({ min: 1, max: 4 }), fc.constantFrom(1, 2, 255, 256, 65_535, 2 ** 32, 2 ** 53 - 1)),
	),
	values: fc.oneof(
		fc.uint8Array({ maxLength: 40 }),
		fc.integer({ min: 1, max: 20_000 }).map((length) => new Uint8Array(length).fill(length)),
	),
};
const write: fc.Arbitrary<StoreWrite> = fc.oneof(
	fc.record({ kind: fc.constant("put" as const), table: fc.constantFrom(...STORE_TABLES), key: keys, value: values }),
	fc.record({ kind: fc.constant("delete" as const), table: fc.constantFrom(...STORE_TABLES), key: keys }),
);

function put(key: StoreKey, text: string): StoreWrite {
	return { kind: "put", table: "message", key, value: Buffer.from(text) };
}

/** Rows in a form that can be compared whatever kind of bytes they hold. */
function plain(rows: Iterable<StoreRecord>): unknown[] {
	return [...rows].map(({ table, key, value }) => [table, [...key], Buffer.from(value).toString("hex")]);
}

afterEach(async () => {
	for (const store of opened.splice(0)) await store.close();
	folders.remove();
});

describe.each(KINDS)("a store in $name", ({ isDurable, open }) => {
	async function opening(folder: string): Promise<HubStore> {
		const store = await open(folder);
		opened.push(store);
		return store;
	}

	async function closing(store: HubStore): Promise<void> {
		opened.splice(opened.indexOf(store), 1);
		await store.close();
	}

	test("begins empty", async () => {
		expect([...(await opening(folders.make())).load()]).toEqual([]);
	});

	test("opened anew it has what was committed, in the order of the tables and keys, or nothing", async () => {
		const batches = fc.array(fc.array(write, { maxLength: 30 }), { maxLength: 12 });
		await fc.assert(
			fc.asyncProperty(batches, fc.array(fc.nat(12), { maxLength: 2 }), async (writes, restarts) => {
				const folder = folders.make();
				const model = new SimulatedStore();
				let store = await opening(folder);
				expect([...store.load()]).toEqual([]);
				for (const [index, batch] of writes.entries()) {
					void store.commit(batch);
					model.apply(batch);
					if (!restarts.includes(index)) continue;
					await closing(store);
					store = await opening(folder);
					expect(plain(store.load())).toEqual(isDurable ? plain(model.rows()) : []);
				}
				await closing(store);
				expect(plain((await opening(folder)).load())).toEqual(isDurable ? plain(model.rows()) : []);
			}),
			{ numRuns: 30 },
		);
	});

	test("batches become durable in the order in which they came", async () => {
		const store = await opening(folders.make());
		const order: number[] = [];
		const commits = Array.from({ length: 50 }, async (_, index) => {
			await store.commit([put([index + 1], "x")]);
			order.push(index);
		});
		await Promise.all(commits);
		expect(order).toEqual(Array.from({ length: 50 }, (_, index) => index));
	});

	test("writes are taken as they are at the call: their memory may be used anew", async () => {
		const folder = folders.make();
		const store = await opening(folder);
		const value = Buffer.from("before");
		void store.commit([{ kind: "put", table: "message", key: [1], value }]);
		value.write("behind");
		await closing(store);
		const rows = [...(await opening(folder)).load()];
		expect(rows.map((row) => Buffer.from(row.value).toString())).toEqual(isDurable ? ["before"] : []);
	});

	describe("under a hub", () => {
		const LASTING = { clientId: "sub", clean: false } as const;
		let running: RunningHub | undefined;
		let clients: MqttJs | undefined;

		async function hubOn(folder: string): Promise<MqttJs> {
			await clients?.end();
			await running?.hub.close();
			running = await startHub({ allowAnonymous: true, store: await open(folder) });
			clients = new MqttJs(running, "tcp", "3.1.1");
			return clients;
		}

		afterEach(async () => {
			await clients?.end();
			await running?.hub.close();
			running = undefined;
			clients = undefined;
		});

		test.each([1, 2] as const)("a session gets what came at QoS %i while its client was away", async (qos) => {
			const mqtt = await hubOn(folders.make());
			const subscriber = await mqtt.connect(LASTING);
			await subscriber.subscribeAsync("t", { qos });
			await subscriber.endAsync();
			const publisher = await mqtt.connect();
			for (const text of ["1", "2", "3"]) await publisher.publishAsync("t", text, { qos });
			const { sessionPresent, inbox } = await mqtt.resume(LASTING);
			expect(sessionPresent).toBe(true);
			await inbox.has(3);
			expect(inbox.texts).toEqual(["1", "2", "3"]);
		});

		test("sessions, queues and retained messages are there after a restart, or gone", async () => {
			const folder = folders.make();
			let mqtt = await hubOn(folder);
			const subscriber = await mqtt.connect(LASTING);
			await subscriber.subscribeAsync("t", { qos: 2 });
			await subscriber.endAsync();
			const publisher = await mqtt.connect();
			await publisher.publishAsync("t", "queued", { qos: 2 });
			await publisher.publishAsync("state", "on", { qos: 1, retain: true });

			mqtt = await hubOn(folder);
			const { sessionPresent, inbox } = await mqtt.resume(LASTING);
			expect(sessionPresent).toBe(isDurable);
			const later = await mqtt.connect();
			const retained = receive(later, isDurable ? 2 : 1);
			await later.subscribeAsync(["state", "marker"], { qos: 1 });
			await later.publishAsync("marker", "", { qos: 1 });
			expect((await retained).map(({ topic }) => topic)).toEqual(isDurable ? ["state", "marker"] : ["marker"]);
			// At the same QoS: between two of them, there is no order.
			await later.publishAsync("t", "live", { qos: 2 });
			if (!isDurable) return expect(inbox.texts).toEqual([]);
			await inbox.has(2);
			expect(inbox.texts).toEqual(["queued", "live"]);
		});
	});
});
