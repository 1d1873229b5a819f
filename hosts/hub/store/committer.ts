import { Worker } from "node:worker_threads";
import type { CommitReply, CommitRequest, CommitThreadData } from "./commit-thread.ts";
import { messageOf } from "./store-error.ts";

// Threads load JavaScript. Run from source, as in tests, there is only what the last build left.
const THREAD = new URL(
	import.meta.url.endsWith(".ts") ? "../../../dist/hosts/hub/store/commit-thread.js" : "./commit-thread.js",
	import.meta.url,
);

/** The thread that commits, seen from outside. One request at a time. */
export class Committer {
	readonly #path: string;
	#thread: Worker | undefined;

	/** `path`: the database. */
	constructor(path: string) {
		this.#path = path;
	}

	/** Commits the blocks together. Never rejects. If the thread ends instead of answering, another one is started next. */
	async commit(blocks: readonly Uint8Array[]): Promise<CommitReply> {
		try {
			const thread = this.#running();
			thread.ref();
			const reply = await answer(thread, { blocks });
			thread.unref();
			return reply;
		} catch (error) {
			this.#thread = undefined; // it has ended, or could not be started
			return { reason: messageOf(error), block: Buffer.concat(blocks) };
		}
	}

	/** Closes the database and ends the thread. */
	async close(): Promise<void> {
		const thread = this.#thread;
		this.#thread = undefined;
		if (thread === undefined) return;
		thread.ref();
		const ended = new Promise((resolve) => thread.once("exit", resolve));
		thread.postMessage("close" satisfies CommitRequest);
		await ended;
	}

	#running(): Worker {
		this.#thread ??= new Worker(THREAD, { workerData: { path: this.#path } satisfies CommitThreadData });
		return this.#thread;
	}
}

/** Rejects when the thread ends without an answer. */
function answer(thread: Worker, request: CommitRequest): Promise<CommitReply> {
	return new Promise((resolve, reject) => {
		const settle = () => thread.off("message", answered).off("error", failed).off("exit", ended);
		const answered = (reply: CommitReply) => {
			settle();
			resolve(reply);
		};
		const failed = (error: Error) => {
			settle();
			reject(error);
		};
		const ended = () => failed(new Error("the thread that commits ended"));
		thread.on("message", answered).on("error", failed).on("exit", ended);
		thread.postMessage(request);
	});
}
