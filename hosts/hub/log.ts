import type { Log, LogLevel } from "../../src/ports/index.ts";
import { clean, type LogFields } from "./log-value.ts";

export const LOG_LEVELS = ["debug", "info", "warn", "error"] as const satisfies readonly LogLevel[];

/** Writes nothing. */
export const SILENT: Log = { write: () => undefined };

/** One line of text per entry: time, level, message, and `name=value` pairs. */
export class TextLog implements Log {
	readonly #write: (line: string) => void;
	readonly #threshold: number;

	/** `write` gets each line with its line feed. Entries below `level` are dropped. */
	constructor(level: LogLevel, write: (line: string) => void) {
		this.#threshold = LOG_LEVELS.indexOf(level);
		this.#write = write;
	}

	write(level: LogLevel, message: string, fields: LogFields = {}): void {
		if (LOG_LEVELS.indexOf(level) < this.#threshold) return;
		const pairs = Object.entries(fields).map(([name, value]) => ` ${name}=${printable(value)}`);
		this.#write(
			`${new Date().toISOString()} ${level.padEnd(5)} ${clean(message, Number.POSITIVE_INFINITY)}${pairs.join("")}\n`,
		);
	}
}

function printable(value: string | number | boolean): string {
	if (typeof value !== "string") return String(value);
	const text = clean(value);
	return /^[^\s"=\\]+$/.test(text) ? text : `"${text.replaceAll('"', '\\"')}"`;
}
