import { accessSync, constants, statSync } from "node:fs";
import { resolve } from "node:path";
import { type Reader, refined, text } from "../../../src/config/index.ts";

/** What reads the paths in a configuration: from its folder on, and only what is there. Paths come out absolute. */
export interface FileReaders {
	readonly file: Reader<string>;
	/** A path, or the word `auto` as it is. */
	readonly fileOrAuto: Reader<string>;
	/** A folder that may be still to be made. */
	readonly newFolder: Reader<string>;
	readonly folder: Reader<string>;
}

/** `base` is the folder of the configuration's main file. Adds to `named` each path that is asked for, there or not. */
export function fileReaders(base: string, named: Set<string>): FileReaders {
	const existing = (kind: "file" | "folder") =>
		refined(text(`the path of a ${kind}`), (path, at, report) => {
			const absolute = resolve(base, path);
			named.add(absolute);
			const fault = faultOf(absolute, kind);
			if (fault === undefined) return absolute;
			report.error(at, `${absolute} ${fault}`);
			return undefined;
		});
	const file = existing("file");
	return {
		file,
		folder: existing("folder"),
		newFolder: refined(text("the path of a folder"), (path) => resolve(base, path)),
		fileOrAuto: {
			allowed: "auto, or the path of a file",
			read: (value, path, report) => (value === "auto" ? value : file.read(value, path, report)),
		},
	};
}

function faultOf(path: string, kind: "file" | "folder"): string | undefined {
	try {
		const found = statSync(path, { throwIfNoEntry: false });
		if (found === undefined) return "does not exist";
		if (kind === "folder" ? !found.isDirectory() : found.isDirectory()) return `is not a ${kind}`;
		accessSync(path, constants.R_OK);
		return undefined;
	} catch {
		return "may not be read by this user";
	}
}
