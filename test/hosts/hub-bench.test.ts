import { fileURLToPath } from "node:url";
import { afterEach, expect, test } from "@jest/globals";
import { Command } from "./support/command.ts";

const MAIN = fileURLToPath(new URL("../../dist/tools/bench/main.js", import.meta.url));
const ROW = /^(.+?) {2,}([\d,]+) +([\d,]+) +(\d+\.\d\d)$/;
const commands: Command[] = [];

afterEach(() => Promise.all(commands.splice(0).map((command) => command.dispose())));

function bench(...args: readonly string[]): Command {
	const command = new Command(process.execPath, [MAIN, ...args]);
	commands.push(command);
	return command;
}

test("the quick run measures every workload against both brokers and ends", async () => {
	const run = bench("--quick");
	expect(await run.exitCode()).toBe(0);
	const rows = run.stdout.split("\n").flatMap((line) => ROW.exec(line)?.[1] ?? []);
	expect(rows).toEqual([
		"QoS 0, 1 to 1",
		"QoS 0, 10 to 10",
		"QoS 1, 1 to 1",
		"QoS 1, 10 to 10",
		"per idle connection, one subscription",
	]);
}, 60_000);

test("the quick run of the store measures starts, speed and commits, and ends", async () => {
	const run = bench("store", "--quick");
	expect(await run.exitCode()).toBe(0);
	for (const name of ["nothing stored", "much stored", "QoS 1, 1 to 1", "QoS 1, 10 to 10", "commits per second"]) {
		expect(run.stdout).toMatch(new RegExp(`^${name}.* [1-9\\d.,]+`, "m"));
	}
}, 60_000);

test("a wrong option is exit code 2", async () => {
	const run = bench("--fast");
	expect(await run.exitCode()).toBe(2);
	expect(run.stderr).toMatch(/^error: unknown option '--fast'/);
});
