import { type ChildProcess, spawn } from "node:child_process";
import type { Readable, Writable } from "node:stream";
import { NetstringReader, netstring } from "./netstring.ts";
import { findXsEngine } from "./xs-engine.ts";

export interface XsWorkerOptions {
	/** Shown in errors; "xs" when left out. */
	readonly name?: string;
	/**
	 * Answers `issueCommand(ArrayBuffer)`, which blocks the engine until the answer is there. An exception ends the worker.
	 * The bytes are the handler's to keep.
	 */
	readonly onCommand?: (bytes: Uint8Array) => Uint8Array | Promise<Uint8Array>;
	/** Where `print()` in XS goes, chunk by chunk. Left out: this process's standard output. */
	readonly onOutput?: (text: string) => void;
	/** The engine does not get the signals that a terminal sends to the whole process group (Ctrl-C). Default: it does. */
	readonly detached?: boolean;
	/** Bytecodes that one `evaluate` or `command` may run before the engine aborts; left out: no limit. */
	readonly computeLimit?: number;
}

/** The answer to one `evaluate` or `command`, once the engine is idle: its promise jobs have run as well. */
export interface XsReply {
	/** What the code gave back: the bytes of an ArrayBuffer result (or of `result.result`), otherwise empty. */
	readonly bytes: Uint8Array;
	/** Bytecodes that this call ran. The same code gives the same count, on every machine. */
	readonly compute: number;
	/** Slots in use on the engine's heap (garbage included until `gc()` runs). */
	readonly currentHeapCount: number;
}

/** Code in XS threw. The engine goes on, and so can the caller. */
export class XsException extends Error {
	override name = "XsException";
}

/** The engine process ended: it was closed or killed, it aborted, or it broke the protocol. */
export class XsExit extends Error {
	override name = "XsExit";
}

/** What the exit codes of xsnap-worker mean. */
const EXIT_REASONS: Readonly<Record<number, string>> = {
	0: "closed",
	1: "bad arguments",
	2: "broken pipe to the engine",
	11: "out of memory",
	12: "stack overflow",
	15: "unhandled exception",
	16: "too many property names",
	17: "compute limit exceeded",
};

const ANSWER = 0x2e; // .
const EXCEPTION = 0x21; // !
const COMMAND = 0x3f; // ?
const METER_END = 0x01;
const NOTHING = new Uint8Array(0);

interface Pending {
	readonly kind: "e" | "?";
	readonly payload: Uint8Array;
	readonly resolve: (reply: XsReply) => void;
	readonly reject: (error: Error) => void;
}

/**
 * One XS engine in a process of its own: a fresh realm with XS 13's built-ins and `gc`, `print`, `setImmediate`,
 * `issueCommand`, `performance.now`, TextEncoder and TextDecoder; no timers, no console, no modules.
 *
 * Calls may be made without waiting: they run in order. When the engine ends, every waiting call and every later
 * one is rejected with the `XsExit` that says why.
 */
export class XsWorker {
	/** Resolves, never rejects, when the process is gone. */
	readonly exited: Promise<XsExit>;
	readonly #process: ChildProcess;
	readonly #toEngine: Writable;
	readonly #reader = new NetstringReader();
	readonly #pending: Pending[] = [];
	readonly #options: XsWorkerOptions;
	readonly #name: string;
	#killedFor: string | undefined;
	#isClosing = false;
	#exit: XsExit | undefined;

	/** Starts the engine. Throws `XsEngineMissing` when it is not built. */
	constructor(options: XsWorkerOptions = {}) {
		this.#options = options;
		this.#name = options.name ?? "xs";
		const limit = options.computeLimit === undefined ? [] : ["-l", String(options.computeLimit)];
		const output = options.onOutput ? "pipe" : "inherit";
		this.#process = spawn(findXsEngine(), [this.#name, ...limit], {
			detached: options.detached ?? false,
			stdio: ["ignore", output, output, "pipe", "pipe"],
		});
		this.#toEngine = this.#process.stdio[3] as Writable;
		// A write to an engine that is gone: `exited` tells the story.
		this.#toEngine.on("error", () => {});
		const fromEngine = this.#process.stdio[4] as Readable;
		fromEngine.on("error", () => {});
		fromEngine.on("data", (bytes: Uint8Array) => this.#receive(bytes));
		this.#watchOutput();
		this.exited = this.#watchExit();
	}

	/** Evaluates a script in the global scope. Rejects with `XsException` when it throws. */
	evaluate(source: string): Promise<XsReply> {
		return this.#call("e", Buffer.from(source));
	}

	/** Calls `globalThis.handleCommand` with an ArrayBuffer of these bytes. Rejects with `XsException` when it throws. */
	command(bytes: Uint8Array): Promise<XsReply> {
		return this.#call("?", bytes);
	}

	/** Ends the engine once everything asked of it before is done. */
	async close(): Promise<void> {
		this.#isClosing = true;
		if (this.#pending.length === 0) this.#toEngine.end();
		await this.exited;
	}

	/** Ends the engine at once, also in the middle of an endless loop. Waiting calls are rejected with `reason`. */
	kill(reason = "killed"): void {
		this.#killedFor ??= reason;
		this.#process.kill("SIGKILL");
	}

	#call(kind: "e" | "?", payload: Uint8Array): Promise<XsReply> {
		if (this.#exit) return Promise.reject(this.#exit);
		return new Promise((resolve, reject) => {
			this.#pending.push({ kind, payload, resolve, reject });
			if (this.#pending.length === 1) this.#write(kind, payload);
		});
	}

	// One at a time: while the engine waits for the answer to a command of its own, it must find nothing else in the pipe.
	#finish(): Pending | undefined {
		const finished = this.#pending.shift();
		const next = this.#pending[0];
		if (next) this.#write(next.kind, next.payload);
		else if (this.#isClosing) this.#toEngine.end();
		return finished;
	}

	#write(kind: "e" | "?" | "/", payload: Uint8Array): void {
		this.#toEngine.cork();
		for (const piece of netstring(kind, payload)) this.#toEngine.write(piece);
		this.#toEngine.uncork();
	}

	#receive(bytes: Uint8Array): void {
		try {
			for (const message of this.#reader.push(bytes)) this.#dispatch(message);
		} catch (error) {
			this.kill(`protocol error: ${(error as Error).message}`);
		}
	}

	#dispatch(message: Uint8Array): void {
		const body = message.subarray(1);
		switch (message[0]) {
			case ANSWER:
				this.#finish()?.resolve(readAnswer(body));
				return;
			case EXCEPTION:
				this.#finish()?.reject(new XsException(Buffer.from(body).toString()));
				return;
			case COMMAND:
				void this.#answer(body);
				return;
			default:
				throw new Error(`unknown message ${JSON.stringify(Buffer.from(message.subarray(0, 40)).toString())}`);
		}
	}

	async #answer(bytes: Uint8Array): Promise<void> {
		try {
			this.#write("/", (await this.#options.onCommand?.(bytes)) ?? NOTHING);
		} catch (error) {
			this.kill(
				`the command handler threw: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`,
			);
		}
	}

	#watchOutput(): void {
		const { onOutput } = this.#options;
		if (!onOutput) return;
		for (const stream of [this.#process.stdout, this.#process.stderr]) {
			stream?.setEncoding("utf8");
			stream?.on("data", onOutput);
		}
	}

	#watchExit(): Promise<XsExit> {
		running.add(this.#process);
		return new Promise((resolve) => {
			this.#process.once("error", (error) => resolve(this.#ended(error.message)));
			// "close" comes after the last byte of every pipe has been read.
			this.#process.once("close", (code, signal) => {
				const reason = signal ? `ended by ${signal}` : (EXIT_REASONS[code ?? -1] ?? `exit code ${code}`);
				resolve(this.#ended(reason));
			});
		});
	}

	#ended(reason: string): XsExit {
		running.delete(this.#process);
		this.#exit ??= new XsExit(`XS engine "${this.#name}": ${this.#killedFor ?? reason}`);
		for (const { reject } of this.#pending.splice(0)) reject(this.#exit);
		return this.#exit;
	}
}

/** `{"currentHeapCount":…,"compute":…}`, a 0x01, then the result's bytes. */
function readAnswer(body: Uint8Array): XsReply {
	const end = body.indexOf(METER_END);
	if (end < 0) throw new Error("an answer without meter figures");
	const meter = JSON.parse(Buffer.from(body.subarray(0, end)).toString()) as Omit<XsReply, "bytes">;
	return { bytes: body.subarray(end + 1), compute: meter.compute, currentHeapCount: meter.currentHeapCount };
}

/** An engine ends by itself when its pipe closes, unless it is caught in a loop: so none outlives this process. */
const running = new Set<ChildProcess>();
process.once("exit", () => {
	for (const child of running) child.kill("SIGKILL");
});
