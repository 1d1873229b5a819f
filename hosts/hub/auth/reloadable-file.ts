import { type StatWatcher, unwatchFile, watch, watchFile } from "node:fs";
import { basename, dirname } from "node:path";
import type { LineFault } from "../../../src/access/index.ts";
import type { Clock, Log, Millis, TimerHandle } from "../../../src/ports/index.ts";
import { readTextFile } from "./text-file.ts";

/** A file as its parser left it. */
export interface Parsed<T> {
	readonly value: T;
	/** What makes it unusable. */
	readonly faults: readonly LineFault[];
	/** What is worth a line in the log. */
	readonly warnings: readonly LineFault[];
}

export interface ReloadableOptions<T> {
	readonly path: string;
	/** What the file is, for messages: "password file". */
	readonly kind: string;
	readonly parse: (text: string) => Parsed<T>;
	/** In force until the file has been read once without fault: it must deny. */
	readonly closed: T;
	readonly clock: Clock;
	readonly log: Log;
	/** Called after each change of `value`. */
	readonly changed: () => void;
}

/** Editors and tools write in several steps: the file is read when it has been left alone so long. */
const QUIET: Millis = 200;
/** For file systems that report no changes. */
const POLL: Millis = 5_000;

/**
 * A file that is read again when it changes. What is broken is refused, with file and line, and what was read before
 * stays in force.
 */
export class ReloadableFile<T> {
	readonly #options: ReloadableOptions<T>;
	#value: T;
	#text: string | undefined;
	#timer: TimerHandle | undefined;
	#stopWatching: (() => void) | undefined;

	constructor(options: ReloadableOptions<T>) {
		this.#options = options;
		this.#value = options.closed;
	}

	get value(): T {
		return this.#value;
	}

	/** Reads the file now. The errors, each with file and line; without any the new value is in force. */
	load(): readonly string[] {
		const { path, kind, parse, log, changed } = this.#options;
		const file = readTextFile(path);
		if ("error" in file) return this.#refuse([`cannot read the ${kind} ${path}: ${file.error}`]);
		if (file.text === this.#text) return [];
		const { value, faults, warnings } = parse(file.text);
		if (faults.length > 0) return this.#refuse(faults.map((fault) => located(path, fault)));
		const isFirst = this.#text === undefined;
		this.#text = file.text;
		this.#value = value;
		for (const warning of warnings) log.write("warn", located(path, warning));
		log.write("info", `${isFirst ? "read" : "read again"} the ${kind} ${path}`);
		changed();
		return [];
	}

	#refuse(errors: readonly string[]): readonly string[] {
		const rest = this.#text === undefined ? "nobody gets in by it" : "what was read before stays in force";
		for (const error of errors) this.#options.log.write("error", `${error}; ${rest}`);
		return errors;
	}

	/** Reads the file again whenever it changes, until `close`. */
	watch(): void {
		const { path } = this.#options;
		const soon = () => this.#loadSoon();
		const poll: StatWatcher = watchFile(path, { interval: POLL, persistent: false }, soon);
		poll.unref();
		const stopFolder = watchFolder(path, soon);
		this.#stopWatching = () => {
			unwatchFile(path, soon);
			stopFolder();
		};
	}

	close(): void {
		this.#stopWatching?.();
		this.#stopWatching = undefined;
		if (this.#timer !== undefined) this.#options.clock.clearTimer(this.#timer);
		this.#timer = undefined;
	}

	#loadSoon(): void {
		const { clock } = this.#options;
		if (this.#timer !== undefined) clock.clearTimer(this.#timer);
		this.#timer = clock.setTimer(() => {
			this.#timer = undefined;
			this.load();
		}, QUIET);
	}
}

// The folder, because many editors put a new file in the place of the old one: a watch on the file would stay with that.
function watchFolder(path: string, changed: () => void): () => void {
	try {
		const watcher = watch(dirname(path), { persistent: false }, (_event, name) => {
			if (name === null || name === basename(path)) changed();
		});
		watcher.on("error", () => watcher.close()); // Out of watches, or the folder is gone: polling goes on.
		return () => watcher.close();
	} catch {
		return () => undefined;
	}
}

function located(path: string, { line, message }: LineFault): string {
	return `${path}:${line}: ${message}`;
}
