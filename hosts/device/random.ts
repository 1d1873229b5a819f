import type { Random } from "../../src/ports/index.ts";

/** XS draws each `Math.random` from the chip's hardware generator. */
export class DeviceRandom implements Random {
	next(): number {
		return Math.random();
	}
}
