import { parentPort, workerData } from "node:worker_threads";
import { MergedChanges } from "./change-block.ts";
import { type Environment, openEnvironment } from "./environment.ts";

/** What the thread is started with. */
export interface CommitThreadData {
	/** The database. */
	readonly path: string;
}

/** Batches to be committed together, packed; or the request to close the database and to end. */
export type CommitRequest = { readonly blocks: readonly Uint8Array[] } | "close";

/** Undefined: everything is durable. Otherwise nothing is, and `block` is what is left to do, in as little as it takes. */
export type CommitReply = { readonly reason: string; readonly block: Uint8Array } | undefined;

/*
 * Commits in a thread of its own: flushing to the disk takes milliseconds, which the main thread has better use for.
 * Measured against lmdb-js's own asynchronous writes, this takes a fifth of the main thread's time, and tells plainly
 * what went wrong.
 */

const { path } = workerData as CommitThreadData;
let environment: Environment | undefined;

parentPort?.on("message", (request: CommitRequest) => {
	if (request === "close") return void close();
	parentPort?.postMessage(commit(new MergedChanges(request.blocks)));
});

function commit(changes: MergedChanges): CommitReply {
	try {
		environment ??= openEnvironment(path);
		write(environment, changes);
		return undefined;
	} catch (error) {
		return { reason: error instanceof Error ? error.message : String(error), block: whatIsLeft(changes) };
	}
}

function write(database: Environment, changes: MergedChanges): void {
	database.transactionSync(() => {
		for (const { key, value } of changes) {
			if (value === undefined) void database.remove(key);
			else void database.put(key, value);
		}
	});
}

/**
 * After a failure the database is opened anew, so that nothing of the failed transaction is left in memory. What cannot
 * be written yet is kept without deletions of what was never written: else it would grow with every message that passes.
 */
function whatIsLeft(changes: MergedChanges): Uint8Array {
	try {
		const block = changes.pack(({ key, value }) => value !== undefined || environment?.doesExist(key) !== false);
		void environment?.close();
		return block;
	} catch {
		return changes.pack(() => true);
	} finally {
		environment = undefined;
	}
}

async function close(): Promise<void> {
	await environment?.close();
	parentPort?.close();
}
