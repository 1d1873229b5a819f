import { relative } from "node:path";
import { UsageError } from "../../src/codec/index.ts";
import { archive, describeArchive } from "./archive.ts";
import { CertificatesMissing, writeBuildManifest } from "./build-manifest.ts";
import { flash } from "./flash.ts";
import { type CommandLine, parseCommandLine } from "./options.ts";
import { follow } from "./run.ts";
import { ModdableSdk, SdkMissing, ToolFailed } from "./sdk.ts";
import { buildForSimulator, startSimulator } from "./simulator.ts";

const FAILED = 1;
const WRONG_USAGE = 2;

/** `npm run build:device`, `device:moddable` and `flash`. */
async function main(args: readonly string[]): Promise<number> {
	const commandLine = parseCommandLine(args);
	if ("exitCode" in commandLine) {
		(commandLine.exitCode === 0 ? process.stdout : process.stderr).write(commandLine.text);
		return commandLine.exitCode;
	}
	try {
		return await perform(commandLine);
	} catch (error) {
		return fail(error);
	}
}

async function perform(commandLine: CommandLine): Promise<number> {
	const folder = writeBuildManifest(commandLine.options);
	switch (commandLine.step) {
		case "build":
			process.stdout.write(`${relative(process.cwd(), folder)}/manifest.json is ready for mcconfig\n`);
			warnWithoutSdk();
			return 0;
		case "run":
			return follow(startSimulator(await buildForSimulator(findToBuild(), folder)), commandLine.options);
		case "archive":
			process.stdout.write(describeArchive(await archive(findToBuild(), folder)));
			return 0;
		case "flash":
			if (commandLine.options.ssid === undefined) warn("no --ssid is given: the board will join no Wi-Fi");
			return flash(ModdableSdk.find(), folder, commandLine.options);
	}
}

/** Finds the SDK for a build that says nothing until it is done. */
function findToBuild(): ModdableSdk {
	const sdk = ModdableSdk.find();
	process.stderr.write("building with the Moddable SDK: the first time takes a minute\n");
	return sdk;
}

/** What was written is of no use yet. */
function warnWithoutSdk(): void {
	try {
		ModdableSdk.find();
	} catch (error) {
		if (!(error instanceof SdkMissing)) throw error;
		warn(error.message);
	}
}

function warn(message: string): void {
	process.stderr.write(`warning: ${message}\n`);
}

function fail(error: unknown): number {
	const ours = [CertificatesMissing, SdkMissing, ToolFailed, UsageError].some((kind) => error instanceof kind);
	if (!ours) throw error;
	if (error instanceof ToolFailed) process.stderr.write(error.output);
	process.stderr.write(`error: ${(error as Error).message}\n`);
	return error instanceof UsageError ? WRONG_USAGE : FAILED;
}

process.exitCode = await main(process.argv.slice(2));
