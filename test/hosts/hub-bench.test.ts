import { fileURLToPath } from "node:url";
import { afterEach, expect, test } from "@jest/globals";
import { Command } from "./support/command.ts";

const MAIN = fileURLToPath(new URL("../../dist/tools/bench/main.js", import.meta.url));
/** A workload's row: rates, which can be 0 in a short run on a busy machine, and then ratios. */
const ROW = /^(QoS .+?) {2,}[\d,]+( +\S+){2,5}$/;
/** With as few connections as in a quick run, the garbage collector decides about the figures. */
const MEMORY = /^per idle connection, one subscription( +\S+){3,5}$/m;
const commands: Command[] = [];

afterEach(() => Promise.all(commands.splice(0).map((command) => command.dispose())));

function bench(...args: readonly string[]): Command {
	const command = new Command(process.execPath, [MAIN, ...args]);
	commands.push(command);
	return command;
}

/** What it said on the way is in the failure. */
async function endsWell(run: Command): Promise<void> {
	const code = await run.exitCode();
	expect([code, code === 0 ? "" : run.stderr]).toEqual([0, ""]);
}

test("the quick run measures every workload against both brokers and ends", async () => {
	const run = bench("--quick");
	await endsWell(run);
	const rows = run.stdout.split("\n").flatMap((line) => ROW.exec(line)?.[1] ?? []);
	expect(rows).toEqual(["QoS 0, 1 to 1", "QoS 0, 10 to 10", "QoS 1, 1 to 1", "QoS 1, 10 to 10"]);
	expect(run.stdout).toMatch(/^QoS .* [1-9][\d,]*( +\S+){2,5}$/m);
	expect(run.stdout).toMatch(MEMORY);
}, 120_000);

test("the quick run of the store measures starts, speed and commits, and ends", async () => {
	const run = bench("store", "--quick");
	await endsWell(run);
	for (const name of ["nothing stored", "much stored", "QoS 1, 1 to 1", "QoS 1, 10 to 10", "commits per second"]) {
		expect(run.stdout).toMatch(new RegExp(`^${name}.* [1-9\\d.,]+`, "m"));
	}
}, 120_000);

test("the quick run of the operation measures the hub with everything on, against itself without and Aedes, and ends", async () => {
	const run = bench("operation", "--quick");
	await endsWell(run);
	const rows = run.stdout.split("\n").flatMap((line) => ROW.exec(line)?.[1] ?? []);
	expect(rows).toEqual([
		"QoS 0, 1 to 1",
		"QoS 0, 10 to 10",
		"QoS 1, 1 to 1",
		"QoS 1, 10 to 10",
		"QoS 1, 1 to 1, sessions kept",
		"QoS 1, 10 to 10, sessions kept",
	]);
	expect(run.stdout).toMatch(/^QoS .* [1-9][\d,]*( +\S+){2,5}$/m);
	expect(run.stdout).toMatch(MEMORY);
	expect(run.stdout).toMatch(/Metrics were scraped [1-9]\d* times/);
}, 120_000);

test("a wrong option is exit code 2", async () => {
	const run = bench("--fast");
	expect(await run.exitCode()).toBe(2);
	expect(run.stderr).toMatch(/^error: unknown option '--fast'/);
});
