import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import type { RunOptions } from "./options.ts";

const TIMED_OUT = 1;

/**
 * Prints what the application traces until it ends, is told to end (Ctrl-C), `until` is seen, or the time is over. Returns
 * the exit code.
 */
export async function follow(child: ChildProcess, { until, timeout }: RunOptions): Promise<number> {
	let verdict: number | undefined;
	const end = (code: number): void => {
		verdict ??= code;
		child.kill("SIGTERM");
	};
	const stop = (): void => end(0);
	process.once("SIGINT", stop).once("SIGTERM", stop);
	const timeUp = (): void => {
		if (until !== undefined && verdict === undefined) {
			process.stderr.write(`error: no line with ${JSON.stringify(until)} within ${timeout} s\n`);
		}
		end(until === undefined ? 0 : TIMED_OUT);
	};
	const timer = timeout > 0 ? setTimeout(timeUp, timeout * 1_000) : undefined;
	if (child.stdout) {
		createInterface({ input: child.stdout }).on("line", (line) => {
			process.stdout.write(`${line}\n`);
			if (until !== undefined && line.includes(until)) end(0);
		});
	}
	const [code] = (await once(child, "close")) as [number | null];
	clearTimeout(timer);
	process.removeListener("SIGINT", stop).removeListener("SIGTERM", stop);
	return verdict ?? code ?? 1;
}
