import { Command, CommanderError } from "commander";
import { XsEngineMissing } from "../../hosts/simulator/xs-engine.ts";
import { bytecodeSize, findXsc } from "./bytecode.ts";
import { count } from "./counts.ts";
import { bundleDevice } from "./device-bundle.ts";
import { measureFlash } from "./flash.ts";
import { asJson, asText } from "./report.ts";

/** `npm run size`: what the device's code costs on XS. The counts are the same on every machine. */
async function main(args: readonly string[]): Promise<void> {
	const { json } = parse(args);
	const bundle = await bundleDevice();
	const xsc = findXsc();
	const bytecode = xsc === undefined ? undefined : bytecodeSize(xsc, bundle.code);
	const report = { counts: await count(), bundle, bytecode, flash: await measureFlash() };
	process.stdout.write(json ? asJson(report) : asText(report));
}

function parse(args: readonly string[]): { readonly json: boolean } {
	return new Command("size")
		.description("What the device's code costs on XS: bytecodes run per message, heap slots, bytecode.")
		.option("--json", "print JSON", false)
		.exitOverride()
		.parse(args, { from: "user" })
		.opts<{ json: boolean }>();
}

try {
	await main(process.argv.slice(2));
} catch (error) {
	if (error instanceof CommanderError) {
		process.exitCode = error.exitCode === 0 ? 0 : 2;
	} else if (error instanceof XsEngineMissing) {
		process.stderr.write(`error: ${error.message}\n`);
		process.exitCode = 1;
	} else throw error;
}
