import { isUtf8 } from "node:buffer";
import { readFileSync } from "node:fs";

/** A file's text, or why there is none. */
export type TextFile =
	| { readonly text: string }
	| {
			/** Completes "cannot read FILE: …". */
			readonly error: string;
			readonly isMissing: boolean;
	  };

/** Reads a file that must be UTF-8 text. Never throws. */
export function readTextFile(path: string): TextFile {
	try {
		const bytes = readFileSync(path);
		if (!isUtf8(bytes) || bytes.includes(0)) return { error: "it is not UTF-8 text", isMissing: false };
		return { text: bytes.toString("utf8").replace(/^\uFEFF/, "") };
	} catch (error) {
		return { error: reasonOf(error), isMissing: (error as NodeJS.ErrnoException).code === "ENOENT" };
	}
}

const REASONS: Readonly<Record<string, string>> = {
	ENOENT: "there is no such file",
	EACCES: "this user may not read it",
	EISDIR: "it is a folder",
};

function reasonOf(error: unknown): string {
	const { code, message } = error as NodeJS.ErrnoException;
	return REASONS[code ?? ""] ?? message;
}
