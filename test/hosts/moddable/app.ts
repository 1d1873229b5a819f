import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { ModdableSdk } from "../../../tools/moddable/sdk.ts";
import { buildForSimulator } from "../../../tools/moddable/simulator.ts";
import { Command } from "../support/command.ts";

const PROJECT = fileURLToPath(new URL("../../..", import.meta.url));

/** Builds an application for Moddable's simulator, from a manifest and the files beside it, and starts it. */
export async function startApp(
	sdk: ModdableSdk,
	name: string,
	manifest: object,
	files: Readonly<Record<string, string | Uint8Array>> = {},
): Promise<Command> {
	const folder = join(PROJECT, "build/moddable-tests", name);
	mkdirSync(folder, { recursive: true });
	for (const [path, content] of Object.entries(files)) writeFileSync(join(folder, path), content);
	writeFileSync(join(folder, "manifest.json"), JSON.stringify(manifest));
	const { host, library } = await buildForSimulator(sdk, folder);
	return new Command(host, [library]);
}
