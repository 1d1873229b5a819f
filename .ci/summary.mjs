import { readFileSync } from "node:fs";

/** Reads Jest's JSON report and prints one line; a file that could not run counts as one failure. Exit code 1 on any. */
function read(path) {
	try {
		return JSON.parse(readFileSync(path, "utf8"));
	} catch {
		return { numPassedTests: 0, numFailedTests: 0, numRuntimeErrorTestSuites: 1, numPendingTests: 0, numTodoTests: 0 };
	}
}

const report = read(process.argv[2]);
const failed = report.numFailedTests + report.numRuntimeErrorTestSuites;
const skipped = report.numPendingTests + report.numTodoTests;
const line = [`${report.numPassedTests} passed`, `${failed} failed`, ...(skipped > 0 ? [`${skipped} skipped`] : [])];
process.stdout.write(`${line.join(", ")}\n`);
process.exitCode = failed > 0 ? 1 : 0;
