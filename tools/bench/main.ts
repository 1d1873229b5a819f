import { Command } from "commander";
import { measureMemory, measureSpeed } from "./measure.ts";
import { heading, row } from "./report.ts";
import { FULL, QUICK, WORKLOADS } from "./workload.ts";

const command = new Command("bench")
	.description("Measures the hub against Aedes on this machine, in about two minutes.")
	.option("--quick", "a smoke run of a few seconds; its figures mean nothing", false)
	.helpOption("--help", "print this text")
	.exitOverride((error) => process.exit(error.exitCode === 0 ? 0 : 2))
	.parse();
const effort = command.opts<{ readonly quick: boolean }>().quick ? QUICK : FULL;

console.log(heading("messages per second, 64-byte payload"));
const speeds = await measureSpeed(WORKLOADS, effort);
for (const [index, workload] of WORKLOADS.entries()) {
	const figures = speeds[index];
	if (figures !== undefined) console.log(row(workload.name, figures));
}
console.log(`\n${heading("bytes of resident memory")}`);
console.log(row("per idle connection, one subscription", await measureMemory(effort)));
