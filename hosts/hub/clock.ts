import type { Millis } from "../../src/ports/index.ts";

/**
 * Milliseconds since 1970 at time 0 of `now`, as the system's clock has it at present: machines without a clock of their
 * own get the time after the start, and `now` stands still while a machine sleeps.
 */
export function epoch(): Millis {
	return Date.now() - performance.now();
}

/** The monotonic time since the process started. */
export function now(): Millis {
	return performance.now();
}
