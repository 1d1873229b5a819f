import { dirname } from "node:path";
import { fileURLToPath } from "node:url";

/** The project's folder: this file lies in tools/device there, or in dist/tools/device. */
export function projectFolder(): string {
	const folder = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
	return folder.endsWith("/dist") ? dirname(folder) : folder;
}
