import { call } from "./host.ts";
import { CALL } from "./wire.ts";

/** Moddable's `time` on a device: 32 bits, signed. */
export default {
	get ticks(): number {
		return call(CALL.TICKS).number() | 0;
	},

	set(seconds: number): void {
		call(CALL.SET_TIME, seconds);
	},

	delta(start: number, end: number): number {
		return (end - start) | 0;
	},
};
