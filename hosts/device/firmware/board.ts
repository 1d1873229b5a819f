import type { Seconds } from "../../../src/ports/index.ts";
import type { UpdateSupport } from "../platform.ts";

/** What the firmware needs of the board besides sensors. The manifest says which module of `boards/` is `board`. */
export interface Board {
	/** Makes the device noticeable to someone who stands before it. */
	identify(duration: Seconds): void;
	/** Undefined: the board cannot be updated over the network. */
	readonly updates?: UpdateSupport;
	/** Does not return on a device. */
	restart(): void;
	/** `handler` is called when the device is about to lose power in good order; it calls `done` when it is ready. */
	onShutdown(handler: (done: () => void) => void): void;
}
