import type { LineFault } from "../../../src/access/index.ts";
import { parseAcl, parseUsers } from "../auth/auth-files.ts";
import { readTextFile } from "../auth/text-file.ts";
import type { HubSettings } from "./settings.ts";

/** What is wrong inside the password and ACL files that the settings name, with file and line. */
export interface FileFindings {
	readonly errors: readonly string[];
	readonly notices: readonly string[];
}

/** Reads the password and ACL files as the hub would at its start. */
export function checkFiles(settings: HubSettings): FileFindings {
	const errors: string[] = [];
	const notices: string[] = [];
	const check = (
		path: string,
		parse: (text: string) => { faults: readonly LineFault[]; warnings: readonly LineFault[] },
	) => {
		const file = readTextFile(path);
		if ("error" in file) {
			errors.push(`cannot read ${path}: ${file.error}`);
			return;
		}
		const { faults, warnings } = parse(file.text);
		errors.push(...faults.map(({ line, message }) => `${path}:${line}: ${message}`));
		notices.push(...warnings.map(({ line, message }) => `${path}:${line}: ${message}`));
	};
	for (const path of settings.auth.passwordFiles) check(path, parseUsers);
	if (settings.access.kind === "acl") check(settings.access.file, parseAcl);
	return { errors, notices };
}
