import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import type { ModdableSdk } from "../../../tools/moddable/sdk.ts";
import { buildForSimulator } from "../../../tools/moddable/simulator.ts";
import { Command } from "../support/command.ts";

const PROJECT = fileURLToPath(new URL("../../..", import.meta.url));

/** Writes the files of an application, and returns its folder. */
export function writeApp(name: string, files: Readonly<Record<string, string | Uint8Array | object>>): string {
	const folder = join(PROJECT, "build/moddable-tests", name);
	for (const [path, content] of Object.entries(files)) {
		const file = join(folder, path);
		mkdirSync(dirname(file), { recursive: true });
		const isPlain = typeof content === "string" || content instanceof Uint8Array;
		writeFileSync(file, isPlain ? content : JSON.stringify(content));
	}
	return folder;
}

/** Builds the application in `folder` for Moddable's simulator, and starts it. */
export async function startApp(sdk: ModdableSdk, folder: string): Promise<Command> {
	const { host, library } = await buildForSimulator(sdk, folder);
	return new Command(host, [library]);
}
