import { randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { codeOf, DataFolderError } from "../data-folder.ts";
import { replaceFile } from "./replace-file.ts";

const FILE_NAME = "auth-secret";
const BYTES = 32;

/**
 * What the answers to strangers are made of, kept in the data folder: what an unknown user is shown must stay the same
 * over a restart, as it does for a known one. Throws `DataFolderError`.
 */
export function loadAuthSecret(folder: string): Buffer {
	const file = join(folder, FILE_NAME);
	const kept = Buffer.from(read(file) ?? "", "base64");
	if (kept.length === BYTES) return kept;
	const made = makeAuthSecret();
	write(file, `${made.toString("base64")}\n`);
	return made;
}

/** One for this process alone. */
export function makeAuthSecret(): Buffer {
	return randomBytes(BYTES);
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
