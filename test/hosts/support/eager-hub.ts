import { join } from "node:path";
import { createHub, DurableStore, type HubStore } from "../../../hosts/hub/index.ts";
import type { StoreRecord, StoreWrite } from "../../../src/broker/index.ts";

/** What a store must not do: says that writes are durable when their commit has begun. */
class EagerStore implements HubStore {
	readonly name = "eager";
	readonly #store: HubStore;

	constructor(store: HubStore) {
		this.#store = store;
	}

	load(): Iterable<StoreRecord> {
		return this.#store.load();
	}

	commit(writes: readonly StoreWrite[]): void {
		void this.#store.commit(writes);
	}

	watch(): void {}

	close(): void | Promise<void> {
		return this.#store.close();
	}
}

/*
 * A program: a hub that acknowledges too early, on the port and the data folder that it is given. The crash test must
 * find that out.
 */
const [port, data = ""] = process.argv.slice(2);
const store = await DurableStore.open(join(data, "store"));
const hub = await createHub({
	listeners: { default: { type: "tcp", port: Number(port) }, websocket: { type: "ws", port: 0 } },
	allowAnonymous: true,
	store: new EagerStore(store),
});
await store.commit([]); // its thread is there
process.stdout.write(`motehub ready: ${hub.addresses.map((address) => address.url).join(" ")}\n`);
