import { checkFiles } from "./check-files.ts";
import { ConfigError } from "./config-error.ts";
import { loadSettings } from "./load.ts";

/**
 * `motehub check FILE`: reads the configuration and the files that it names, starts nothing. Writes what it finds, and
 * gives the exit code: 0 for a configuration that can be used, 1 for one that cannot.
 */
export function runCheck(file: string, output: { write(text: string): unknown }): number {
	const say = (kind: string, lines: readonly string[]) => {
		for (const line of lines) output.write(`${kind}: ${line}\n`);
	};
	try {
		const { settings, notices } = loadSettings(file);
		const found = checkFiles(settings);
		say("note", [...notices, ...found.notices]);
		say("error", found.errors);
		if (found.errors.length > 0) return 1;
		output.write(`${file} can be used\n`);
		return 0;
	} catch (error) {
		if (!(error instanceof ConfigError)) throw error;
		say("error", error.problems);
		return 1;
	}
}
