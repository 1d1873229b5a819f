import type { Log, LogLevel } from "../../src/ports/index.ts";

const RANK: Readonly<Record<LogLevel, number>> = { debug: 0, info: 1, warn: 2, error: 3 };

/** Writes one line per entry with `trace`: `level: message (key=value, …)`. */
export class TraceLog implements Log {
	readonly #least: LogLevel;

	constructor(least: LogLevel = "info") {
		this.#least = least;
	}

	write(level: LogLevel, message: string, fields?: Readonly<Record<string, string | number | boolean>>): void {
		if (RANK[level] < RANK[this.#least]) return;
		trace(`${level}: ${message}${fields ? describe(fields) : ""}\n`);
	}
}

function describe(fields: Readonly<Record<string, string | number | boolean>>): string {
	const pairs = Object.entries(fields).map(([key, value]) => `${key}=${value}`);
	return pairs.length > 0 ? ` (${pairs.join(", ")})` : "";
}
