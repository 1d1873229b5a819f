import { Worker } from "node:worker_threads";

export interface CryptJob {
	readonly password: string;
	/** `$6$rounds=656000$salt` */
	readonly setting: string;
}

interface IdleThread {
	readonly worker: Worker;
	readonly end: NodeJS.Timeout;
}

/** How long a thread waits for more before it ends. Each takes megabytes, and passwords are checked at start. */
const IDLE_MS = 10_000;

// Threads load JavaScript. Run from source, as in tests, there is only what the last build left.
const WORKER = new URL(
	import.meta.url.endsWith(".ts") ? "../../../dist/hosts/hub/auth/crypt-worker.js" : "./crypt-worker.js",
	import.meta.url,
);

/** Computes crypt(3) hashes off the main thread: a password of 656,000 rounds takes a second. */
export class CryptThreads {
	#idle: readonly IdleThread[] = [];

	/** The digest: the part after the salt. Starts a thread if none is idle; the caller bounds how many that makes. */
	async digest(job: CryptJob): Promise<string> {
		const worker = this.#takeIdle() ?? this.#start();
		worker.ref();
		const digest = await answer(worker, job);
		worker.unref();
		const end = setTimeout(() => void worker.terminate(), IDLE_MS).unref();
		this.#idle = [...this.#idle, { worker, end }];
		return digest;
	}

	#takeIdle(): Worker | undefined {
		const thread = this.#idle.at(-1);
		this.#idle = this.#idle.slice(0, -1);
		clearTimeout(thread?.end);
		return thread?.worker;
	}

	#start(): Worker {
		const worker = new Worker(WORKER);
		worker.on("exit", () => {
			this.#idle = this.#idle.filter((thread) => thread.worker !== worker);
		});
		return worker;
	}
}

/** Rejects when the thread ends without an answer. */
function answer(worker: Worker, job: CryptJob): Promise<string> {
	return new Promise((resolve, reject) => {
		const settle = () => {
			worker.off("message", answered).off("error", failed).off("exit", ended);
		};
		const answered = (digest: string) => {
			settle();
			resolve(digest);
		};
		const failed = (error: Error) => {
			settle();
			reject(error);
		};
		const ended = () => failed(new Error("the thread for password hashes ended"));
		worker.on("message", answered).on("error", failed).on("exit", ended);
		worker.postMessage(job);
	});
}
