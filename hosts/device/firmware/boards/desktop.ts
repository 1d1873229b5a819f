import type { Board } from "../board.ts";

/** Moddable's own simulators: nothing to blink, and nothing to restart. */
const board: Board = {
	identify(duration) {
		trace(`identify: here, for ${duration} s\n`);
	},
	restart() {
		trace("restart: start the simulator again\n");
	},
	onShutdown() {
		// The simulator's window closes without notice.
	},
};

export default board;
