import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, statSync } from "node:fs";
import { basename, join } from "node:path";
import { projectFolder } from "../device/project-folder.ts";
import { outputFolder } from "./output.ts";
import { type ModdableSdk, SdkMissing } from "./sdk.ts";

const HOST_SOURCE = "tools/moddable/host/host.c";

/** An application for Moddable's simulator, and the program that runs it without a screen. */
export interface SimulatorApp {
	readonly host: string;
	readonly library: string;
}

/** Builds the application whose manifest lies in `folder`, with more settings as `key=value`. Throws SdkMissing, ToolFailed. */
export async function buildForSimulator(
	sdk: ModdableSdk,
	folder: string,
	settings: readonly string[] = [],
): Promise<SimulatorApp> {
	if (process.platform !== "linux") {
		throw new SdkMissing(`this works on Linux: elsewhere run mcconfig -d -m in ${folder}`);
	}
	const output = outputFolder();
	await sdk.mcconfig(["-m", "-p", "lin", "-t", "build", "-o", output, ...settings], folder);
	return {
		host: await buildHost(sdk, output),
		library: join(output, "bin/lin/mc/release", basename(folder), "mc.so"),
	};
}

/** Starts it. Its trace is the standard output; the exit code is the one of XS if the machine aborts. */
export function startSimulator({ host, library }: SimulatorApp): ChildProcess {
	return spawn(host, [library], { stdio: ["ignore", "pipe", "inherit"] });
}

async function buildHost(sdk: ModdableSdk, output: string): Promise<string> {
	const source = join(projectFolder(), HOST_SOURCE);
	const host = join(output, "host");
	if (existsSync(host) && statSync(host).mtimeMs > statSync(source).mtimeMs) return host;
	const flags = (await sdk.run("pkg-config", ["--cflags", "--libs", "gio-2.0"], output)).trim().split(/\s+/);
	const headers = join(sdk.folder, "build/simulators/modules");
	await sdk.run("cc", ["-Wall", "-Wextra", "-O1", "-o", host, source, "-I", headers, ...flags, "-ldl"], output);
	return host;
}
