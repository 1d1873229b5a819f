import { expect } from "expect";
import { failureOf } from "./failure.ts";
import type { Failure, Report } from "./protocol.ts";
import { root, type Suite, suitesOf, type TestBody, type TestCase } from "./registry.ts";

const NEVER_SETTLED =
	"The promise never settled: the engine has nothing left to run. (There are no timers on XS: advance virtual time.)";

/** Runs the chosen tests of the file in order, one after the other. */
export class Execution {
	readonly #chosen: ReadonlySet<number>;
	readonly #report: (report: Report) => void;
	#abandon: (reason: Error) => void = () => {};

	constructor(chosen: Iterable<number>, report: (report: Report) => void) {
		this.#chosen = new Set(chosen);
		this.#report = report;
	}

	run(): Promise<void> {
		return this.#runSuite(root);
	}

	/** Fails what is running now, and goes on with what comes after it. */
	abandon(): void {
		this.#abandon(new Error(NEVER_SETTLED));
	}

	async #runSuite(suite: Suite): Promise<void> {
		const chosen = this.#chosenIn(suite);
		if (chosen.length === 0) return;
		const failures = await this.#callAll(suite.hooks.beforeAll);
		if (failures.length > 0) this.#failAll(chosen, failures);
		else for (const child of suite.children) await this.#runChild(child);
		const late = await this.#callAll(suite.hooks.afterAll);
		if (late.length > 0) this.#failAll(chosen, late);
	}

	#chosenIn(suite: Suite): TestCase[] {
		return suite.children.flatMap((child) => {
			if (child.kind === "suite") return this.#chosenIn(child);
			return this.#chosen.has(child.id) ? [child] : [];
		});
	}

	async #runChild(child: Suite | TestCase): Promise<void> {
		if (child.kind === "suite") await this.#runSuite(child);
		else if (this.#chosen.has(child.id)) await this.#runTest(child);
	}

	#failAll(tests: readonly TestCase[], failures: readonly Failure[]): void {
		for (const { id } of tests) this.#report({ kind: "end", id, assertions: 0, failures });
	}

	async #runTest(test: TestCase): Promise<void> {
		const { id } = test;
		this.#report({ kind: "start", id });
		const around = [root, ...suitesOf(test)];
		beginAssertions(test);
		const failures = await this.#callAll(around.flatMap((suite) => suite.hooks.beforeEach));
		if (failures.length === 0) {
			failures.push(...(await this.#callAll([test.body])), ...missingAssertions());
		}
		const { assertionCalls: assertions } = expect.getState();
		failures.push(...(await this.#callAll(around.reverse().flatMap((suite) => suite.hooks.afterEach))));
		this.#report({ kind: "end", id, assertions, failures });
	}

	/** Calls each in turn, also after a failure. */
	async #callAll(bodies: readonly TestBody[]): Promise<Failure[]> {
		const failures: Failure[] = [];
		for (const body of bodies) {
			try {
				await this.#call(body);
			} catch (thrown) {
				failures.push(failureOf(thrown));
			}
		}
		return failures;
	}

	async #call(body: TestBody): Promise<void> {
		const abandoned = new Promise<never>((_, reject) => {
			this.#abandon = reject;
		});
		await Promise.race([body(), abandoned]);
	}
}

function beginAssertions(test: TestCase): void {
	expect.setState({
		assertionCalls: 0,
		currentTestName: [...suitesOf(test).map((suite) => suite.name), test.name].join(" "),
		expectedAssertionsNumber: null,
		isExpectingAssertions: false,
		suppressedErrors: [],
	});
}

/** What `expect.assertions` and `expect.hasAssertions` asked for and did not get. */
function missingAssertions(): Failure[] {
	const errors = (
		expect as unknown as { extractExpectedAssertionsErrors(): { error: Error }[] }
	).extractExpectedAssertionsErrors();
	return errors.map(({ error }) => failureOf(error));
}
