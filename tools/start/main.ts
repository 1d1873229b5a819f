import { DataFolderError } from "../../hosts/hub/data-folder.ts";
import { ListenError } from "../../hosts/hub/index.ts";
import { parseCommandLine } from "../../hosts/hub/options.ts";
import { packageVersion } from "../../hosts/hub/version.ts";
import { BundleMissing, XsEngineMissing } from "../../hosts/simulator/index.ts";
import { Household } from "./household.ts";

/** `npm start`: the hub and one simulated device, until Ctrl-C. Takes the hub's options. */
async function main(args: readonly string[]): Promise<number> {
	const commandLine = parseCommandLine(args, packageVersion());
	if ("exitCode" in commandLine) {
		(commandLine.exitCode === 0 ? process.stdout : process.stderr).write(commandLine.text);
		return commandLine.exitCode;
	}
	const stopped = stopSignal();
	const household = await Household.start(commandLine, (line) => process.stdout.write(`${line}\n`));
	const end = await Promise.race([stopped, household.deviceEnded]);
	await household.stop();
	if (end?.reason === undefined) return 0;
	process.stderr.write(`error: ${end.reason}\n`);
	return 1;
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

const EXPECTED = [BundleMissing, DataFolderError, ListenError, XsEngineMissing];

try {
	process.exitCode = await main(process.argv.slice(2));
} catch (error) {
	if (!EXPECTED.some((kind) => error instanceof kind)) throw error;
	process.stderr.write(`error: ${(error as Error).message}\n`);
	process.exitCode = 1;
}
