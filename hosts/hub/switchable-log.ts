import type { Log, LogLevel } from "../../src/ports/index.ts";
import type { LogFields } from "./log-value.ts";

/** A log whose level and form can change while others hold it. */
export class SwitchableLog implements Log {
	#log: Log;

	constructor(log: Log) {
		this.#log = log;
	}

	/** Further entries go to this one. */
	use(log: Log): void {
		this.#log = log;
	}

	write(level: LogLevel, message: string, fields: LogFields = {}): void {
		this.#log.write(level, message, fields);
	}
}
