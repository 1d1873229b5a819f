import { onEvent } from "./events.ts";
import { call } from "./host.ts";
import { CALL, EVENT } from "./wire.ts";

type Callback = (timer: Timer) => void;

interface Timer {
	readonly id: number;
	readonly callback: Callback;
	/** Milliseconds; 0: it fires once. */
	readonly interval: number;
}

const timers = new Map<number, Timer>();
const ids = { last: 0 };

function set(callback: Callback, delay = 0, interval = 0): Timer {
	// As native code does: to 32 bits, fractions cut off.
	const timer = { id: ++ids.last, callback, interval: interval | 0 };
	timers.set(timer.id, timer);
	call(CALL.TIMER_SET, timer.id, Math.max(0, delay | 0), timer.interval);
	return timer;
}

/** Moddable's `timer`. A timer that has fired for the last time may still be cleared. */
export default {
	set,

	repeat(callback: Callback, interval: number): Timer {
		return set(callback, interval, interval);
	},

	clear(timer: Timer | undefined | null): void {
		if (timer && timers.delete(timer.id)) call(CALL.TIMER_CLEAR, timer.id);
	},
};

onEvent(EVENT.TIMER, (event) => {
	const timer = timers.get(event.number());
	if (!timer) return;
	if (timer.interval === 0) timers.delete(timer.id);
	timer.callback(timer);
});
