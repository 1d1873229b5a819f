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
		const lines = this.#isPicked ? [] : testResults.flatMap(skippedIn).sort();
		if (lines.length > 0) process.stderr.write(`\nSkipped:\n${lines.join("")}`);
	}
}

/** Whole lines: groups of which nothing ran, and tests beside others that ran. */
export function skippedIn({ testFilePath, testResults }: FileResult): string[] {
	const names = testResults.filter(isSkipped).map((test) => nameOf(test, testResults));
	return [...new Set(names)].map((name) => `  ${basename(testFilePath)}: ${name}\n`);
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
