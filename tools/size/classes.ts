import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { projectFolder } from "../device/project-folder.ts";

const CLASS = /^export class (\w+)/gm;

/** Which module of `src` each exported class is of: a room's name and the file's, as in `client/outbox`. */
export function modulesByClass(): ReadonlyMap<string, string> {
	const folder = join(projectFolder(), "src");
	const modules = new Map<string, string>();
	for (const file of readdirSync(folder, { recursive: true, encoding: "utf8" })) {
		if (!/^(client|codec|session|topic)\/[\w-]+\.ts$/.test(file)) continue;
		for (const [, name = ""] of readFileSync(join(folder, file), "utf8").matchAll(CLASS)) {
			modules.set(name, file.slice(0, -".ts".length));
		}
	}
	return modules;
}
