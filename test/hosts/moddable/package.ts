import { mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { ModdableSdk } from "../../../tools/moddable/sdk.ts";

const PROJECT = fileURLToPath(new URL("../../..", import.meta.url));

/** Puts what `npm pack` makes of the project where `npm install` would put it in the application in `folder`. */
export async function installPackage(sdk: ModdableSdk, folder: string): Promise<void> {
	const installed = join(folder, "node_modules/motehub");
	rmSync(installed, { recursive: true, force: true });
	mkdirSync(installed, { recursive: true });
	const output = await sdk.run("npm", ["pack", "--json", "--ignore-scripts", "--pack-destination", folder], PROJECT);
	const [packed] = JSON.parse(output.slice(output.indexOf("["))) as [{ readonly filename: string }];
	await sdk.run("tar", ["xzmf", join(folder, packed.filename), "-C", installed, "--strip-components=1"], folder);
}
