import type { Log, LogLevel } from "../../src/ports/index.ts";

export const LOG_LEVELS = ["debug", "info", "warn", "error"] as const satisfies readonly LogLevel[];

type Fields = Readonly<Record<string, string | number | boolean>>;

/** Characters of one value that are printed; a client id may have 65,535. */
const MAX_VALUE = 200;

// Control and formatting characters, surrogates, and line separators: a client id must not forge a log line.
const UNPRINTABLE = /[\p{C}\p{Zl}\p{Zp}]/gu;

/** One line of text per entry: time, level, message, and `name=value` pairs. */
export class TextLog implements Log {
	readonly #write: (line: string) => void;
	readonly #threshold: number;

	/** `write` gets each line with its line feed. Entries below `level` are dropped. */
	constructor(level: LogLevel, write: (line: string) => void) {
		this.#threshold = LOG_LEVELS.indexOf(level);
		this.#write = write;
	}

	write(level: LogLevel, message: string, fields: Fields = {}): void {
		if (LOG_LEVELS.indexOf(level) < this.#threshold) return;
		const pairs = Object.entries(fields).map(([name, value]) => ` ${name}=${printable(value)}`);
		this.#write(`${new Date().toISOString()} ${level.padEnd(5)} ${escaped(message)}${pairs.join("")}\n`);
	}
}

function printable(value: string | number | boolean): string {
	if (typeof value !== "string") return String(value);
	const text = escaped(value.length > MAX_VALUE ? `${value.slice(0, MAX_VALUE)}…` : value);
	return /^[^\s"=\\]+$/.test(text) ? text : `"${text.replaceAll('"', '\\"')}"`;
}

function escaped(text: string): string {
	return text
		.replaceAll("\\", "\\\\")
		.replace(UNPRINTABLE, (character) => `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`);
}
