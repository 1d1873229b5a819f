import { relative } from "node:path";
import {
	CallbackTestRunner,
	type OnTestFailure,
	type OnTestStart,
	type OnTestSuccess,
	type Test,
	type TestRunnerOptions,
	type TestWatcher,
} from "jest-runner";
import { XsEngineMissing } from "../../hosts/simulator/xs-engine.ts";
import { XsExit } from "../../hosts/simulator/xs-worker.ts";
import type { Failure } from "./xs/protocol.ts";
import { TestScripts } from "./xs-bundle.ts";
import { fullName, ResultBuilder } from "./xs-result.ts";
import { XsSession } from "./xs-session.ts";
import { StackMapper } from "./xs-stack.ts";

/** Milliseconds for one test when `--testTimeout` says nothing. XS only interprets: properties take their time. */
const PATIENCE = 60_000;

type TestResult = Parameters<OnTestSuccess>[1];

/** Nothing of the file ran: it has no bundle, or threw while it was evaluated. `message` ends with the stack, if any. */
class FileFailure extends Error {
	override name = "FileFailure";
}

/** A Jest runner: each test file is bundled and runs in a fresh XS engine, with Jest's `expect` and fast-check inside. */
export default class XsRunner extends CallbackTestRunner {
	async runTests(
		tests: Test[],
		watcher: TestWatcher,
		onStart: OnTestStart,
		onResult: OnTestSuccess,
		onFailure: OnTestFailure,
		options: TestRunnerOptions,
	): Promise<void> {
		const scripts = new TestScripts(tests.map(({ path }) => path));
		const waiting = tests.values();
		const work = async () => {
			for (const test of waiting) {
				if (watcher.isInterrupted()) return;
				await onStart(test);
				await this.#runFile(test, scripts).then(
					(result) => onResult(test, result),
					(error: unknown) => onFailure(test, asJestError(error)),
				);
			}
		};
		const workers = options.serial ? 1 : Math.max(1, this._globalConfig.maxWorkers);
		await Promise.all(Array.from({ length: workers }, work));
	}

	async #runFile(test: Test, scripts: TestScripts): Promise<TestResult> {
		const script = await scripts.of(test.path);
		const stacks = new StackMapper(script);
		const name = relative(test.context.config.rootDir, test.path);
		const session = new XsSession(name, script, this._globalConfig.testTimeout ?? PATIENCE);
		try {
			const { tests, failure } = await session.collect();
			if (failure) throw new FileFailure(textOf(failure, stacks));
			const chosen = new Set(
				tests.filter((each) => each.plan === "run" && this.#matches(fullName(each))).map(({ id }) => id),
			);
			const results = new ResultBuilder(tests, chosen, stacks);
			const crash = await session.run([...chosen], (report) => results.add(report));
			if (crash !== undefined) results.crashed(crash);
			return results.build(test, session.output);
		} finally {
			await session.close();
		}
	}

	/** `-t`, as Jest understands it. */
	#matches(name: string): boolean {
		const pattern = this._globalConfig.testNamePattern;
		return !pattern || new RegExp(pattern, "i").test(name);
	}
}

function textOf({ message, frames }: Failure, stacks: StackMapper): string {
	return [message, ...stacks.map(frames)].join("\n");
}

/** Jest prints `stack`; a stack into the runner itself would say nothing about the test file. */
function asJestError(error: unknown): Parameters<OnTestFailure>[1] {
	if (!(error instanceof Error)) return { message: String(error), stack: "" };
	const expected = error instanceof FileFailure || error instanceof XsEngineMissing || error instanceof XsExit;
	return { message: error.message, stack: expected || "errors" in error ? "" : error.stack };
}
