import { Command, CommanderError } from "commander";
import { XsEngineMissing } from "../../hosts/simulator/xs-engine.ts";
import { ModdableSdk, SdkMissing, ToolFailed } from "../moddable/sdk.ts";
import { bytecodeSize, findXsc } from "./bytecode.ts";
import { count } from "./counts.ts";
import { bundleDevice } from "./device-bundle.ts";
import { measureFlash } from "./flash.ts";
import { measureConnecting } from "./heap/connect.ts";
import { measureHeaps } from "./heap/measure.ts";
import { asJson, asText, describeConnecting, describeHeaps } from "./report.ts";

/** `npm run size`: what the device's code costs on XS. The counts are the same on every machine. */
async function main(args: readonly string[]): Promise<void> {
	const { connect, heap, json } = parse(args);
	if (connect) {
		const times = await measureConnecting(ModdableSdk.find());
		process.stdout.write(json ? `${JSON.stringify(times, null, "\t")}\n` : describeConnecting(times));
		return;
	}
	if (heap) {
		const uses = await measureHeaps(ModdableSdk.find());
		process.stdout.write(json ? `${JSON.stringify(uses, null, "\t")}\n` : describeHeaps(uses));
		return;
	}
	const bundle = await bundleDevice();
	const xsc = findXsc();
	const bytecode = xsc === undefined ? undefined : bytecodeSize(xsc, bundle.code);
	const report = { counts: await count(), bundle, bytecode, flash: await measureFlash() };
	process.stdout.write(json ? asJson(report) : asText(report));
}

function parse(args: readonly string[]): { readonly connect: boolean; readonly heap: boolean; readonly json: boolean } {
	return new Command("size")
		.description("What the device's code costs on XS: bytecodes run per message, heap slots, bytecode.")
		.option(
			"--heap",
			"instead, find the smallest heap that does, with a Moddable SDK and a C compiler for 32 bits",
			false,
		)
		.option("--connect", "instead, time from connecting to the first message at the broker, with the same tools", false)
		.option("--json", "print JSON", false)
		.exitOverride()
		.parse(args, { from: "user" })
		.opts<{ connect: boolean; heap: boolean; json: boolean }>();
}

try {
	await main(process.argv.slice(2));
} catch (error) {
	if (error instanceof CommanderError) {
		process.exitCode = error.exitCode === 0 ? 0 : 2;
	} else if (error instanceof ToolFailed) {
		process.stderr.write(`${error.output}error: ${error.message}\n`);
		process.exitCode = 1;
	} else if (error instanceof XsEngineMissing || error instanceof SdkMissing) {
		process.stderr.write(`error: ${error.message}\n`);
		process.exitCode = 1;
	} else throw error;
}
