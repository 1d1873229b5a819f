import { Command } from "commander";
import { measureMemory, measureSpeed } from "./measure.ts";
import { benchOperation } from "./operation.ts";
import { heading, row } from "./report.ts";
import { benchStore } from "./store.ts";
import { type Effort, FULL, MANY_ROUNDS, QUICK, WORKLOADS } from "./workload.ts";

const QUICK_HELP = "a smoke run of a few seconds; its figures mean nothing";

const command = new Command("bench")
	.description("Measures the hub against Aedes on this machine, in about two minutes.")
	.option("--quick", QUICK_HELP, false)
	.helpOption("--help", "print this text")
	.exitOverride((error) => process.exit(error.exitCode === 0 ? 0 : 2))
	.action(() => compareBrokers(effort()));
command
	.command("store")
	.description("Measures the durable store: start, and QoS 1 against a hub without it.")
	.action(() => {
		const [retained, sessions] = isQuick() ? [500, 50] : [100_000, 10_000];
		return benchStore(effort(), { retained, sessions, queued: 10, payload: 200 });
	});
command
	.command("operation")
	.description("Measures the hub with passwords, rights, metrics, limits and the store, in about three minutes.")
	.action(() => benchOperation(isQuick() ? QUICK : MANY_ROUNDS));
await command.parseAsync();

function isQuick(): boolean {
	return command.opts<{ readonly quick: boolean }>().quick;
}

function effort(): Effort {
	return isQuick() ? QUICK : FULL;
}

async function compareBrokers(effort: Effort): Promise<void> {
	console.log(heading("messages per second, 64-byte payload"));
	const speeds = await measureSpeed(WORKLOADS, effort);
	for (const [index, workload] of WORKLOADS.entries()) {
		const figures = speeds[index];
		if (figures !== undefined) console.log(row(workload.name, figures));
	}
	console.log(`\n${heading("bytes of resident memory")}`);
	console.log(row("per idle connection, one subscription", await measureMemory(effort)));
}
