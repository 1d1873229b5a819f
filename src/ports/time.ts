/** Milliseconds. As a point in time: monotonic, with an origin that only the host knows. As a span: a duration. */
export type Millis = number;

/** Seconds, where the protocol counts in seconds (keep alive, expiry intervals). */
export type Seconds = number;

/** A monotonic clock and one-shot timers. Cores never see it; only pumps do. */
export interface Clock {
	now(): Millis;
	/** Calls back once, not before `delay` ms have passed. Never calls back synchronously. */
	setTimer(callback: () => void, delay: Millis): TimerHandle;
	clearTimer(handle: TimerHandle): void;
}

/** Opaque to everyone but the Clock that made it. */
export type TimerHandle = unknown;
