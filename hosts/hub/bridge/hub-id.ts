import { randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import { replaceFile } from "../auth/replace-file.ts";
import { codeOf, DataFolderError } from "../data-folder.ts";

const FILE_NAME = "hub-id";
const HUB_ID = /^[\w.-]{1,64}$/;
const LONGEST_HOST = 40;
const RANDOM_BYTES = 4;

/** The name of this hub among others, the same as long as its data folder is. Throws `DataFolderError`. */
export function loadHubId(folder: string): string {
	const file = join(folder, FILE_NAME);
	const kept = read(file)?.trim();
	if (kept !== undefined && HUB_ID.test(kept)) return kept;
	if (kept !== undefined) {
		const rule = 'it must hold a name of letters, digits, "_", "-" and "."';
		const advice = "put one into it, or delete it to get a new one, with which bridges begin new sessions";
		throw new DataFolderError(`the file ${file} is damaged (${rule}): ${advice}`);
	}
	const made = temporaryHubId();
	write(file, `${made}\n`);
	return made;
}

/** A name for this process alone: the host's, and eight digits, since containers and images share host names. */
export function temporaryHubId(): string {
	const host = hostname()
		.replaceAll(/[^\w.-]/g, "-")
		.slice(0, LONGEST_HOST);
	return `${host}-${randomBytes(RANDOM_BYTES).toString("hex")}`;
}

function read(file: string): string | undefined {
	try {
		return readFileSync(file, "utf8");
	} catch (error) {
		if (codeOf(error) === "ENOENT") return undefined;
		throw DataFolderError.because(`cannot read ${file}`, error, "make it readable for this user");
	}
}

function write(file: string, text: string): void {
	try {
		replaceFile(file, text);
	} catch (error) {
		throw DataFolderError.because(`cannot write ${file}`, error, "choose another data folder with --data");
	}
}
