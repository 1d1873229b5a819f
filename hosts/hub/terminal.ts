import { closeSync, openSync } from "node:fs";
import { isatty } from "node:tty";

const STANDARD_INPUT = 0;
const STANDARD_STREAMS: readonly number[] = [STANDARD_INPUT, 1, 2];

/** The terminal that the program was started in, if it was. */
export class Terminal {
	readonly #streams = STANDARD_STREAMS.filter((fd) => isatty(fd));
	/** What is to outlive its terminal has none to read from (nohup) or to get signals from (setsid). */
	readonly #isOurs = isatty(STANDARD_INPUT) && hasControllingTerminal();

	/** Whether there was one for the program to end with, and is none any more. */
	get isGone(): boolean {
		return this.#isOurs && !isatty(STANDARD_INPUT);
	}

	/** Ends the process, in good order if it can. */
	exit(): never {
		// Node sets terminals back as it exits, and crashes if one is gone.
		if (this.#streams.some((fd) => !isatty(fd))) process.kill(process.pid, "SIGKILL");
		process.exit(0);
	}
}

function hasControllingTerminal(): boolean {
	try {
		closeSync(openSync("/dev/tty", "r"));
		return true;
	} catch {
		return false;
	}
}
