#!/usr/bin/env node
import { BundleMissing, readBundle } from "./bundle-file.ts";
import { FlashUnreadable } from "./flash.ts";
import { createFleet } from "./fleet.ts";
import { type CommandLine, type EarlyExit, parseCommandLine } from "./options.ts";
import type { SimulatedDevice } from "./simulated-device.ts";
import { XsEngineMissing } from "./xs-engine.ts";

/** Exit code when a device could not start, or did not end well. */
const FAILED = 1;
/** What the message of explains. */
const OURS = [BundleMissing, FlashUnreadable, XsEngineMissing] as const;

async function main(args: readonly string[]): Promise<number> {
	const commandLine = parseCommandLine(args, process.env);
	if ("exitCode" in commandLine) return leaveEarly(commandLine);
	process.stdout.on("error", () => undefined);
	const devices = start(commandLine);
	if (!devices) return FAILED;
	const ends = devices.map((device) => report(device));
	onSignal(devices);
	const results = await Promise.all(ends);
	return results.every(Boolean) ? 0 : FAILED;
}

function leaveEarly({ exitCode, text }: EarlyExit): number {
	(exitCode === 0 ? process.stdout : process.stderr).write(text);
	return exitCode;
}

/** Undefined: something is missing, and it has been said. */
function start(commandLine: CommandLine): SimulatedDevice[] | undefined {
	try {
		const devices = createFleet(commandLine, readBundle(), (line) => process.stdout.write(`${line}\n`));
		for (const device of devices) device.start();
		return devices;
	} catch (error) {
		if (!OURS.some((kind) => error instanceof kind)) throw error;
		process.stderr.write(`error: ${(error as Error).message}\n`);
		return undefined;
	}
}

/** Whether the device ended well. */
async function report(device: SimulatedDevice): Promise<boolean> {
	const { reason } = await device.ended;
	if (reason !== undefined) process.stderr.write(`error: ${reason}\n`);
	return reason === undefined;
}

/** The first signal ends all devices in good order, the second one has its usual effect. */
function onSignal(devices: readonly SimulatedDevice[]): void {
	const stop = (): void => {
		process.removeListener("SIGINT", stop).removeListener("SIGTERM", stop);
		for (const device of devices) void device.stop();
	};
	process.on("SIGINT", stop).on("SIGTERM", stop);
}

process.exitCode = await main(process.argv.slice(2));
