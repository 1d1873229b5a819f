import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { asMarkdown, SPECIFICATIONS, stateOf, testsOf } from "./report.ts";
import { taggedTests } from "./tagged-tests.ts";

/** `npm run conformance`: writes docs/conformance.md, and says which statements lack a test. */
const root = process.cwd();
const tests = taggedTests(root);
writeFileSync(join(root, "docs/conformance.md"), asMarkdown(tests));
const missing = SPECIFICATIONS.flatMap(({ statements }) => statements).filter(
	(statement) => stateOf(statement, testsOf(statement, tests)) === "MISSING",
);
for (const { tag, text } of missing) process.stdout.write(`no test: ${tag} ${text}\n`);
process.exitCode = missing.length === 0 ? 0 : 1;
