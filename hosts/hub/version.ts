import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

/** The version in the package.json that this module belongs to. */
export function packageVersion(): string {
	const file = nearestPackage(dirname(fileURLToPath(import.meta.url)));
	return (JSON.parse(readFileSync(file, "utf8")) as { readonly version: string }).version;
}

function nearestPackage(folder: string): string {
	const file = join(folder, "package.json");
	return existsSync(file) || dirname(folder) === folder ? file : nearestPackage(dirname(folder));
}
