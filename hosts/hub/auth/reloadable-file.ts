import { isDeepStrictEqual } from "node:util";
import type { LineFault } from "../../../src/access/index.ts";
import type { Clock, Log } from "../../../src/ports/index.ts";
import { watchFiles } from "../file-watch.ts";
import { readTextFile, type TextFile } from "./text-file.ts";

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
	/** Completes the log line about a file that could not be read at the first time. */
	readonly whenUnread: string;
	readonly clock: Clock;
	readonly log: Log;
	/** Called after each change of `value`. */
	readonly changed: () => void;
}

/**
 * A file that is read again when it changes. What is broken is refused, with file and line, and what was read before
 * stays in force.
 */
export class ReloadableFile<T> {
	readonly #options: ReloadableOptions<T>;
	#value: T;
	/** What it is made of. */
	#text: string | undefined;
	/** What was there when it was read last, good or not. */
	#found: TextFile | undefined;
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
		this.#found = file;
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
		const rest = this.#text === undefined ? this.#options.whenUnread : "what was read before stays in force";
		for (const error of errors) this.#options.log.write("error", `${error}; ${rest}`);
		return errors;
	}

	/** Reads the file again whenever it changes, until `close`. Also now, if it has changed since it was read. */
	watch(): void {
		const { path, clock } = this.#options;
		this.#stopWatching = watchFiles([path], clock, () => this.load());
		if (!isDeepStrictEqual(readTextFile(path), this.#found)) this.load();
	}

	close(): void {
		this.#stopWatching?.();
		this.#stopWatching = undefined;
	}
}

function located(path: string, { line, message }: LineFault): string {
	return `${path}:${line}: ${message}`;
}
