import { mkdirSync } from "node:fs";
import { homedir } from "node:os";
import { isAbsolute, join } from "node:path";
import { isNativeError } from "node:util/types";

/** The data folder, or a file in it, cannot be used. The message says which, why, and what to do. */
export class DataFolderError extends Error {
	override name = "DataFolderError";

	/** `error` is what the file system said; `advice` completes the sentence. */
	static because(what: string, error: unknown, advice: string): DataFolderError {
		return new DataFolderError(`${what} (${codeOf(error) ?? String(error)}): ${advice}`, { cause: error });
	}
}

/** Where the hub keeps its data unless told otherwise (XDG base directory specification: relative paths are ignored). */
export function defaultDataFolder(environment: NodeJS.ProcessEnv = process.env): string {
	const base = environment.XDG_DATA_HOME;
	return join(base !== undefined && isAbsolute(base) ? base : join(homedir(), ".local", "share"), "motehub");
}

/** Makes the folder, open to its owner alone, if it is missing. */
export function openDataFolder(folder: string): void {
	try {
		mkdirSync(folder, { recursive: true, mode: 0o700 });
	} catch (error) {
		throw DataFolderError.because(`cannot make the data folder ${folder}`, error, "choose another with --data");
	}
}

/** The system's code of an error of the file system, such as `ENOENT`. */
export function codeOf(error: unknown): string | undefined {
	return isNativeError(error) && "code" in error ? String(error.code) : undefined;
}
