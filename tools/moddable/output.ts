import { chmodSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { projectFolder } from "../device/project-folder.ts";

/** The folder where the SDK puts what it makes. Passwords and keys are in all of it: it is its owner's alone. */
export function outputFolder(): string {
	const folder = join(projectFolder(), "build/moddable");
	mkdirSync(folder, { recursive: true });
	chmodSync(folder, 0o700);
	return folder;
}
