import { type Logger, pino, stdTimeFunctions } from "pino";
import type { Log, LogLevel } from "../../src/ports/index.ts";
import { clean, type LogFields } from "./log-value.ts";

/** One JSON object per line and entry: `time`, `level`, `msg` and the values by name. */
export class JsonLog implements Log {
	readonly #logger: Logger;

	/** `write` gets each line with its line feed. Entries below `level` are dropped. */
	constructor(level: LogLevel, write: (line: string) => void) {
		const options = {
			level,
			base: null,
			timestamp: stdTimeFunctions.isoTime,
			formatters: { level: (label: string) => ({ level: label }) },
		};
		this.#logger = pino(options, { write });
	}

	write(level: LogLevel, message: string, fields: LogFields = {}): void {
		if (!this.#logger.isLevelEnabled(level)) return;
		const values = Object.entries(fields).map(([name, value]) => [
			name,
			typeof value === "string" ? clean(value) : value,
		]);
		this.#logger[level](Object.fromEntries(values), clean(message, Number.POSITIVE_INFINITY));
	}
}
