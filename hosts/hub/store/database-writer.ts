import { statfsSync, writeSync } from "node:fs";
import { dirname } from "node:path";
import type { MergedChanges } from "./change-block.ts";
import { type Environment, openEnvironment } from "./environment.ts";
import { RetryPolicy } from "./retry-policy.ts";
import { messageOf } from "./store-error.ts";

/** Why nothing was committed. */
export interface CommitFailure {
	readonly reason: string;
	/** What is left to do, packed, in as little as it takes. */
	readonly block: Uint8Array;
}

/** What a thread has no `process.stderr.fd` for. */
const STANDARD_ERROR = 2;
/** What LMDB's message goes on with when a write failed; it has then begun a line on the standard error. */
const WRITE_DETAILS = ": Attempting to write page";

/** Commits changes to a database; waits for the disk. */
export class DatabaseWriter {
	readonly #path: string;
	#environment: Environment | undefined;
	/** The last failure, until a commit succeeds. */
	#failure: { readonly reason: string; readonly retries: RetryPolicy } | undefined;

	constructor(path: string) {
		this.#path = path;
	}

	/** Undefined: the changes are durable. Otherwise none is. */
	commit(changes: MergedChanges): CommitFailure | undefined {
		const { reason, retries = new RetryPolicy() } = this.#failure ?? {};
		if (reason !== undefined && !retries.isDue(this.#free())) return { reason, block: this.#whatIsLeft(changes) };
		try {
			this.#write(changes);
			this.#failure = undefined;
			return undefined;
		} catch (error) {
			const free = this.#free();
			retries.failed(free);
			this.#failure = { reason: `${explain(error)}; ${free.toLocaleString("en-US")} bytes are free`, retries };
			return { reason: this.#failure.reason, block: this.#whatIsLeft(changes) };
		}
	}

	async close(): Promise<void> {
		const environment = this.#environment;
		this.#environment = undefined;
		await environment?.close();
	}

	#write(changes: MergedChanges): void {
		this.#environment ??= openEnvironment(this.#path);
		const environment = this.#environment;
		environment.transactionSync(() => {
			for (const { key, value } of changes) {
				if (value === undefined) void environment.remove(key);
				else void environment.put(key, value);
			}
		});
	}

	/**
	 * What cannot be written yet is kept without deletions of what was never written: else it would grow with every
	 * message that passes. Then the database is closed, so that nothing of a failed transaction is left in memory.
	 */
	#whatIsLeft(changes: MergedChanges): Uint8Array {
		try {
			const environment = this.#environment ?? openEnvironment(this.#path);
			this.#environment = environment;
			return changes.pack(({ key, value }) => value !== undefined || environment.doesExist(key));
		} catch {
			return changes.pack(() => true);
		} finally {
			void this.close();
		}
	}

	/** Bytes that the disk has room for; 0 if it is gone. */
	#free(): number {
		try {
			const { bavail, bsize } = statfsSync(dirname(this.#path));
			return bavail * bsize;
		} catch {
			return 0;
		}
	}
}

function explain(error: unknown): string {
	const [message = "", details] = messageOf(error).split(WRITE_DETAILS);
	if (details !== undefined) writeSync(STANDARD_ERROR, "\n"); // what LMDB printed is not to run into the log
	return message;
}
