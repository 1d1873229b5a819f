import { formatResultsErrors } from "jest-message-util";
import type { OnTestSuccess } from "jest-runner";
import type { Failure, ListedTest, Report } from "./xs/protocol.ts";
import type { StackMapper } from "./xs-stack.ts";

type TestResult = Parameters<OnTestSuccess>[1];
type Test = Parameters<OnTestSuccess>[0];
type AssertionResult = TestResult["testResults"][number];
type Status = AssertionResult["status"];

interface Progress {
	readonly listed: ListedTest;
	/** Not chosen on the command line, or skipped by the file. */
	readonly skipped: boolean;
	started?: number;
	ended?: number;
	assertions: number;
	failures: readonly Failure[];
}

/** Gathers what a file's tests report, and puts it into Jest's form. */
export class ResultBuilder {
	readonly #start = Date.now();
	readonly #tests: readonly Progress[];
	readonly #stacks: StackMapper;

	constructor(listed: readonly ListedTest[], chosen: ReadonlySet<number>, stacks: StackMapper) {
		this.#stacks = stacks;
		this.#tests = listed.map((each) => ({
			listed: each,
			skipped: !chosen.has(each.id),
			assertions: 0,
			failures: [],
		}));
	}

	/** Takes note of one report. */
	add(report: Report): void {
		const progress = this.#tests.find(({ listed }) => listed.id === report.id);
		if (!progress) throw new Error(`a report of test ${report.id}, which the file does not have`);
		if (report.kind === "start") {
			progress.started = Date.now();
			return;
		}
		progress.ended = Date.now();
		progress.assertions ||= report.assertions;
		progress.failures = [...progress.failures, ...report.failures];
	}

	/** The run ended too early: the test that was running takes the blame, those after it did not run. */
	crashed(reason: string): void {
		for (const progress of this.#tests) {
			if (progress.skipped || progress.ended !== undefined) continue;
			const message = progress.started ? reason : "Did not run: the run ended in an earlier test.";
			progress.failures = [{ message, frames: [] }];
			progress.ended = Date.now();
		}
	}

	build(test: Test, output: string): TestResult {
		const { config } = test.context;
		const testResults = this.#tests.map((progress) => this.#assertionResult(progress));
		const count = (status: Status) => testResults.filter((result) => result.status === status).length;
		const end = Date.now();
		return {
			...(output === "" ? {} : { console: [{ message: output, origin: "", type: "log" as const }] }),
			...(config.displayName ? { displayName: config.displayName } : {}),
			failureMessage: formatResultsErrors(testResults, config, { noStackTrace: false }, test.path),
			leaks: false,
			numFailingTests: count("failed"),
			numPassingTests: count("passed"),
			numPendingTests: count("pending"),
			numTodoTests: count("todo"),
			openHandles: [],
			perfStats: perfStats(this.#start, end, config.slowTestThreshold),
			skipped: false,
			snapshot: {
				added: 0,
				fileDeleted: false,
				matched: 0,
				unchecked: 0,
				uncheckedKeys: [],
				unmatched: 0,
				updated: 0,
			},
			testFilePath: test.path,
			testResults,
		};
	}

	#assertionResult(progress: Progress): AssertionResult {
		const { listed, started, ended, failures } = progress;
		return {
			ancestorTitles: [...listed.suites],
			duration: started !== undefined && ended !== undefined ? ended - started : null,
			failureDetails: failures.map(({ message }) => ({ message })),
			failureMessages: failures.map(({ message, frames }) => [message, ...this.#stacks.map(frames)].join("\n")),
			fullName: fullName(listed),
			location: null,
			numPassingAsserts: progress.assertions,
			status: statusOf(progress),
			title: listed.name,
		};
	}
}

/** What `-t` is matched against. */
export function fullName(test: ListedTest): string {
	return [...test.suites, test.name].join(" ");
}

function statusOf({ listed, skipped, failures }: Progress): Status {
	if (listed.plan === "todo") return "todo";
	if (failures.length > 0) return "failed";
	return skipped ? "pending" : "passed";
}

/** Times in ms, the threshold in seconds. */
function perfStats(start: number, end: number, slowTestThreshold: number): TestResult["perfStats"] {
	return {
		start,
		end,
		runtime: end - start,
		slow: end - start > slowTestThreshold * 1_000,
		loadTestEnvironmentStart: start,
		loadTestEnvironmentEnd: start,
		setupAfterEnvStart: start,
		setupAfterEnvEnd: start,
		setupFilesStart: start,
		setupFilesEnd: start,
	};
}
