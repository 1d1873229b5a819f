import { call } from "./host.ts";
import { CALL } from "./wire.ts";

/** Moddable's `time` on a device: 32 bits, signed. */
export default {
	get ticks(): number {
		return call(CALL.TICKS).number() | 0;
	},

	delta(start: number, end: number): number {
		return (end - start) | 0;
	},
};
