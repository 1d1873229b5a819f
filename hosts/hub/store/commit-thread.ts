import { parentPort, workerData } from "node:worker_threads";
import { MergedChanges } from "./change-block.ts";
import { type CommitFailure, DatabaseWriter } from "./database-writer.ts";

/** What the thread is started with. */
export interface CommitThreadData {
	/** The database. */
	readonly path: string;
}

/** Batches to be committed together, packed; or the request to close the database and to end. */
export type CommitRequest = { readonly blocks: readonly Uint8Array[] } | "close";

/** Undefined: everything is durable. Otherwise nothing is. */
export type CommitReply = CommitFailure | undefined;

/*
 * Commits in a thread of its own: flushing to the disk takes milliseconds, which the main thread has better use for.
 * Measured against lmdb-js's own asynchronous writes, this takes a fifth of the main thread's time, and tells plainly
 * what went wrong.
 */

const { path } = workerData as CommitThreadData;
const writer = new DatabaseWriter(path);

parentPort?.on("message", (request: CommitRequest) => {
	if (request === "close") void close();
	else parentPort?.postMessage(writer.commit(new MergedChanges(request.blocks)));
});

async function close(): Promise<void> {
	await writer.close();
	parentPort?.close();
}
