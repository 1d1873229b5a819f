import { randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Log } from "../../../src/ports/index.ts";
import { codeOf } from "../data-folder.ts";
import { replaceFile } from "./replace-file.ts";

const FILE_NAME = "auth-secret";
const BYTES = 32;

/**
 * What the answers to strangers are made of, kept in the data folder: what an unknown user is shown must stay the same
 * over a restart, as it does for a known one. A hub that cannot keep one, as on a disk that is full or read-only, goes on
 * with one for this process: nobody gets in by it.
 */
export function loadAuthSecret(folder: string, log: Log): Buffer {
	const file = join(folder, FILE_NAME);
	const made = makeAuthSecret();
	try {
		const kept = Buffer.from(read(file) ?? "", "base64");
		if (kept.length === BYTES) return kept;
		replaceFile(file, `${made.toString("base64")}\n`);
	} catch (error) {
		const reason = codeOf(error) ?? String(error);
		log.write("warn", "strangers may find out who is a user when the hub starts again: a file cannot be kept", {
			file,
			reason,
		});
	}
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
		throw error;
	}
}
