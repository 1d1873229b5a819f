import { PINGREQ, PINGRESP } from "./control.ts";

const PINGREQ_FRAME = Uint8Array.of(PINGREQ << 4, 0);
const PINGRESP_FRAME = Uint8Array.of(PINGRESP << 4, 0);

/** A PINGREQ: the same bytes at every call, to be read only. */
export function encodePingreq(): Uint8Array {
	return PINGREQ_FRAME;
}

/** A PINGRESP: the same bytes at every call, to be read only. */
export function encodePingresp(): Uint8Array {
	return PINGRESP_FRAME;
}
