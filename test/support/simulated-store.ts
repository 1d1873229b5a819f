import { STORE_TABLES, type StoreKey, type StoreRecord, type StoreWrite } from "../../src/broker/index.ts";

/** What a durable store keeps, without a disk: the rows of the batches that were applied. */
export class SimulatedStore {
	readonly #tables = new Map(STORE_TABLES.map((table) => [table, new Map<string, StoreRecord>()]));

	/** Applies a batch as a whole. */
	apply(writes: readonly StoreWrite[]): void {
		for (const write of writes) {
			const table = this.#tables.get(write.table);
			if (write.kind === "delete") table?.delete(name(write.key));
			else table?.set(name(write.key), { table: write.table, key: write.key, value: write.value.slice() });
		}
	}

	/** Takes over another store's rows. */
	fill(rows: Iterable<StoreRecord>): void {
		this.apply([...rows].map((row) => ({ kind: "put", ...row })));
	}

	/** Every row, in the order in which the broker wants them back. */
	rows(): StoreRecord[] {
		return STORE_TABLES.flatMap((table) => [...(this.#tables.get(table)?.values() ?? [])].sort(byKey));
	}

	/** How many rows each table has, for the tables that have any. */
	counts(): Record<string, number> {
		const counts: Record<string, number> = {};
		for (const [table, rows] of this.#tables) if (rows.size > 0) counts[table] = rows.size;
		return counts;
	}
}

function name(key: StoreKey): string {
	return key.join("/");
}

function byKey(a: StoreRecord, b: StoreRecord): number {
	return a.key[0] - b.key[0] || (a.key[1] ?? 0) - (b.key[1] ?? 0);
}
