import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { Command, CommanderError } from "commander";
import { asMarkdown, SPECIFICATIONS, stateOf, testsOf } from "./report.ts";
import { taggedTests } from "./tagged-tests.ts";

/** `npm run conformance`: writes docs/conformance.md, and says which statements lack a test. Exit code 1: there are some. */
function main(args: readonly string[]): void {
	new Command("conformance")
		.description("Writes docs/conformance.md: which test holds the broker to which statement of the specifications.")
		.exitOverride()
		.parse(args, { from: "user" });
	const root = process.cwd();
	const tests = taggedTests(root);
	writeFileSync(join(root, "docs/conformance.md"), asMarkdown(tests));
	const missing = SPECIFICATIONS.flatMap(({ statements }) => statements).filter(
		(statement) => stateOf(statement, testsOf(statement, tests)) === "MISSING",
	);
	for (const { tag, text } of missing) process.stdout.write(`no test: ${tag} ${text}\n`);
	process.exitCode = missing.length === 0 ? 0 : 1;
}

try {
	main(process.argv.slice(2));
} catch (error) {
	if (!(error instanceof CommanderError)) throw error;
	process.exitCode = error.exitCode === 0 ? 0 : 2;
}
