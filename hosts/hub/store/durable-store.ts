import type { StoreRecord, StoreWrite } from "../../../src/broker/index.ts";
import { packWrites } from "./change-block.ts";
import { Committer } from "./committer.ts";
import { openEnvironment } from "./environment.ts";
import { GroupCommit } from "./group-commit.ts";
import type { HubStore, StoreTrouble } from "./hub-store.ts";
import { decodeRow, HEADER_KEY } from "./rows.ts";
import { StoreError } from "./store-error.ts";
import { makeFolder, prepareDatabase } from "./store-files.ts";
import { StoreLock } from "./store-lock.ts";

export interface DurableStoreOptions {
	/** Called now and then while rows are loaded, with the number of those that are and of all. */
	readonly progress?: (loaded: number, total: number) => void;
}

/** Rows between two calls of `progress`. */
const PROGRESS_STEP = 1_024;
const FIRST_ROW = Uint8Array.of(...HEADER_KEY.map((byte) => byte + 1));

/** Keeps the broker's state in an LMDB database: what it has committed survives the end of the process and a power cut. */
export class DurableStore implements HubStore {
	/** The path of the database. */
	readonly name: string;
	readonly #lock: StoreLock;
	readonly #options: DurableStoreOptions;
	readonly #committer: Committer;
	readonly #commits: GroupCommit;
	#listener: (trouble: StoreTrouble) => void = () => undefined;

	private constructor(path: string, lock: StoreLock, options: DurableStoreOptions) {
		this.name = path;
		this.#lock = lock;
		this.#options = options;
		this.#committer = new Committer(path);
		this.#commits = new GroupCommit(
			(blocks) => this.#committer.commit(blocks),
			(trouble) => this.#listener(trouble),
		);
	}

	/**
	 * Opens the store in the folder, which is made if it is missing. Rejects with StoreError if another hub has it open,
	 * if it is damaged, of another program or of a newer version, or if the system refuses.
	 */
	static async open(folder: string, options: DurableStoreOptions = {}): Promise<DurableStore> {
		makeFolder(folder);
		const lock = takeLock(folder);
		try {
			return new DurableStore(await prepareDatabase(folder), lock, options);
		} catch (error) {
			await lock.release();
			throw error instanceof StoreError ? error : StoreError.failed("opening the store in", folder, error);
		}
	}

	/** Rows are checked as they are read: throws StoreError at a damaged one. */
	*load(): Generator<StoreRecord> {
		const database = openEnvironment(this.name);
		try {
			const { entryCount } = database.getStats() as { readonly entryCount: number };
			const total = entryCount - 1; // the header is no row of the broker
			let loaded = 0;
			for (const { key, value } of database.getRange({ start: FIRST_ROW })) {
				const row = decodeRow(key, value);
				if (row === undefined) throw StoreError.damaged(this.name, `row ${loaded + 1} of ${total} cannot be read`);
				yield row;
				loaded++;
				if (loaded % PROGRESS_STEP === 0 || loaded === total) this.#options.progress?.(loaded, total);
			}
		} finally {
			void database.close();
		}
	}

	commit(writes: readonly StoreWrite[], isUrgent = true): Promise<void> {
		return this.#commits.add(packWrites(writes), isUrgent);
	}

	watch(listener: (trouble: StoreTrouble) => void): void {
		this.#listener = listener;
	}

	async close(): Promise<void> {
		await this.#commits.finish();
		await this.#committer.close();
		await this.#lock.release();
	}
}

function takeLock(folder: string): StoreLock {
	try {
		return StoreLock.take(folder);
	} catch (error) {
		throw error instanceof StoreError ? error : StoreError.failed("locking the store in", folder, error);
	}
}
