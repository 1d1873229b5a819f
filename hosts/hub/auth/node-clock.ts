import type { Clock } from "../../../src/ports/index.ts";
import { now } from "../clock.ts";

/** Node's monotonic time and timers. A timer alone does not keep the process running. */
export const NODE_CLOCK: Clock = {
	now,
	setTimer: (callback, delay) => setTimeout(callback, delay).unref(),
	clearTimer: (handle) => clearTimeout(handle as NodeJS.Timeout),
};
