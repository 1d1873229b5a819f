import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";

const PROGRAM = join(import.meta.dirname, "../../dist/tools/start/main.js");
/** Milliseconds for everything: two programs start, and one reading arrives. */
const PATIENCE = 30_000;

let folder: string;
let running: ChildProcess | undefined;

beforeEach(async () => {
	folder = await mkdtemp(join(tmpdir(), "motehub-"));
});

afterEach(async () => {
	running?.kill("SIGKILL");
	await rm(folder, { recursive: true });
});

/** Starts the program; `output` grows as it prints. */
function start(...args: readonly string[]): { child: ChildProcess; output: () => string } {
	const child = spawn(process.execPath, [PROGRAM, ...args], { stdio: ["ignore", "pipe", "pipe"] });
	running = child;
	let output = "";
	for (const stream of [child.stdout, child.stderr]) {
		stream.setEncoding("utf8").on("data", (text: string) => {
			output += text;
		});
	}
	return { child, output: () => output };
}

describe("npm start", () => {
	test.each(["SIGINT", "SIGTERM"] as const)(
		"shows readings of the device until %s, then ends both cleanly",
		async (signal) => {
			const { child, output } = start("--port", "0", "--http-port", "0", "--data", folder);
			const reading =
				/^motehub\/[\w-]+\/state \{"temperature":[-\d.]+,"humidity":[\d.]+,"uptime":\d+,"signal":-\d+\}$/m;
			while (!reading.test(output()) && child.exitCode === null) await once(child.stdout ?? child, "data");
			expect(output()).toMatch(/^connect to mqtt:\/\/127\.0\.0\.1:\d+$/m);
			child.kill(signal);
			const [code] = (await once(child, "close")) as [number | null];
			expect(code).toBe(0);
			expect(output()).toMatch(/\/availability offline$/m);
			const password = (await readFile(join(folder, "password"), "utf8")).trim();
			expect(output()).not.toContain(password);
		},
		PATIENCE,
	);

	test(
		"refuses a wrong option",
		async () => {
			const { child, output } = start("--prot", "1883");
			const [code] = (await once(child, "close")) as [number | null];
			expect(code).toBe(2);
			expect(output()).toMatch(/^error: unknown option '--prot'.*\n$/);
		},
		PATIENCE,
	);
});
