import type { Millis } from "../../src/ports/index.ts";

/** Milliseconds since 1970 at time 0 of `now`. */
export const EPOCH: Millis = performance.timeOrigin;

/** The monotonic time since the process started. */
export function now(): Millis {
	return performance.now();
}
