import type { Log } from "../../src/ports/index.ts";
import { now } from "./clock.ts";
import { DurableStore } from "./store/index.ts";
import { StoreProgress } from "./store-progress.ts";

/** Opens the store in the folder; tells a terminal how loading goes, and the log how it went. Rejects with `StoreError`. */
export function openStore(folder: string, log: Log): Promise<DurableStore> {
	const start = now();
	const progress = new StoreProgress((text) => void (process.stderr.isTTY && process.stderr.write(text)));
	return DurableStore.open(folder, {
		progress: (loaded, total) => {
			progress.show(loaded, total);
			if (loaded < total) return;
			log.write("info", "state read from the store", { rows: total, milliseconds: Math.round(now() - start), folder });
		},
	});
}
