import { run } from "jest";

/** Jest takes every word after `--selectProjects` for a project's name. Paths among them go to the front instead. */
function pathsFirst(words: readonly string[]): string[] {
	const option = words.indexOf("--selectProjects");
	if (option < 0) return [...words];
	const after = words.slice(option + 1);
	const end = after.findIndex((word) => word.startsWith("-"));
	const values = end < 0 ? after : after.slice(0, end);
	const paths = values.filter((word) => word.includes("/"));
	const names = values.filter((word) => !paths.includes(word));
	return [...words.slice(0, option), ...paths, "--selectProjects", ...names, ...after.slice(values.length)];
}

await run(pathsFirst(process.argv.slice(2)));
