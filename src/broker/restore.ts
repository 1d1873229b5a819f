import type { Broker } from "./broker.ts";
import { RecordError } from "./record-reader.ts";
import { Restoration } from "./restoration.ts";
import type { StoreRecord } from "./store-write.ts";

/**
 * Rebuilds the broker's state from what the store held, in the order of STORE_TABLES. Throws RecordError on a row that
 * cannot be read, or that refers to a missing one.
 */
export function restore(broker: Broker, state: Iterable<StoreRecord>): void {
	const restoration = new Restoration(broker);
	for (const row of state) {
		try {
			restoration.load(row);
		} catch (error) {
			const reason = error instanceof Error ? error.message : String(error);
			throw new RecordError(`Row ${row.key.join(",")} of table "${row.table}" cannot be read: ${reason}`);
		}
	}
	restoration.finish();
}
