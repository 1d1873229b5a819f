import { basename } from "node:path";

/** What is used of a test in Jest's results. */
interface TestResult {
	readonly status: string;
	readonly title: string;
	readonly ancestorTitles: readonly string[];
}

/** What is used of a test file in Jest's results. */
export interface FileResult {
	readonly testFilePath: string;
	readonly testResults: readonly TestResult[];
}

/** Ends a run with the names of what was skipped: Jest itself only counts it. */
export default class SkipsReporter {
	/** With `-t` nearly everything is left out, and asked to be. */
	readonly #isPicked: boolean;

	constructor({ testNamePattern }: { readonly testNamePattern?: string }) {
		this.#isPicked = Boolean(testNamePattern);
	}

	onRunComplete(_: unknown, { testResults }: { readonly testResults: readonly FileResult[] }): void {
		const lines = this.#isPicked ? "" : skippedIn(testResults).join("");
		if (lines !== "") process.stderr.write(`\nSkipped:\n${lines}`);
	}
}

/** Whole lines, each once: groups of which nothing ran, and tests beside others that ran. */
export function skippedIn(files: readonly FileResult[]): string[] {
	const lines = files.flatMap(({ testFilePath, testResults: tests }) =>
		tests.filter(isSkipped).map((test) => `  ${basename(testFilePath)}: ${nameOf(test, tests)}\n`),
	);
	return [...new Set(lines)].sort();
}

function nameOf({ title, ancestorTitles }: TestResult, tests: readonly TestResult[]): string {
	const isEmpty = (depth: number) =>
		tests.every((other) => isSkipped(other) || !isWithin(other, ancestorTitles.slice(0, depth)));
	const depth = ancestorTitles.findIndex((_, at) => isEmpty(at + 1));
	return (depth < 0 ? [...ancestorTitles, title] : ancestorTitles.slice(0, depth + 1)).join(" › ");
}

function isWithin({ ancestorTitles }: TestResult, group: readonly string[]): boolean {
	return group.every((title, at) => ancestorTitles[at] === title);
}

function isSkipped({ status }: TestResult): boolean {
	return status === "pending";
}
