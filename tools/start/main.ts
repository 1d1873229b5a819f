import { explain } from "../../hosts/hub/explain.ts";
import { parseCommandLine } from "../../hosts/hub/options.ts";
import { packageVersion } from "../../hosts/hub/version.ts";
import { BundleMissing, XsEngineMissing } from "../../hosts/simulator/index.ts";
import { Household, NoWayIn } from "./household.ts";

const FAILED = 1;

/** `npm start`: the hub and one simulated device, until Ctrl-C. Takes the hub's options. */
async function main(args: readonly string[]): Promise<number> {
	const commandLine = parseCommandLine(args, packageVersion());
	if ("exitCode" in commandLine) {
		(commandLine.exitCode === 0 ? process.stdout : process.stderr).write(commandLine.text);
		return commandLine.exitCode;
	}
	const stopped = stopSignal();
	try {
		const household = await Household.start(commandLine, (line) => process.stdout.write(`${line}\n`));
		const end = await Promise.race([stopped, household.deviceEnded]);
		await household.stop();
		return end?.reason === undefined ? 0 : fail([end.reason]);
	} catch (error) {
		const ours = [BundleMissing, NoWayIn, XsEngineMissing].some((kind) => error instanceof kind);
		return fail(ours ? [(error as Error).message] : explain(error, commandLine.config));
	}
}

function fail(lines: readonly string[]): number {
	for (const line of lines) process.stderr.write(`error: ${line}\n`);
	return FAILED;
}

/** The first signal ends everything in good order, the second one has its usual effect. */
function stopSignal(): Promise<undefined> {
	return new Promise((resolve) => {
		const stop = () => {
			process.removeListener("SIGINT", stop).removeListener("SIGTERM", stop);
			resolve(undefined);
		};
		process.on("SIGINT", stop).on("SIGTERM", stop);
	});
}

process.exitCode = await main(process.argv.slice(2));
