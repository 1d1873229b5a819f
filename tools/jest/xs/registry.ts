export type TestBody = () => unknown;
export type HookKind = "beforeAll" | "beforeEach" | "afterEach" | "afterAll";
export type Mode = "normal" | "only" | "skip" | "todo";

export interface TestCase {
	readonly kind: "test";
	/** Counts up in the order of the file. */
	readonly id: number;
	readonly name: string;
	readonly mode: Mode;
	readonly body: TestBody;
	readonly suite: Suite;
	/** Milliseconds that the test asks for. */
	readonly timeout: number | undefined;
}

export interface Suite {
	readonly kind: "suite";
	readonly name: string;
	readonly mode: Mode;
	readonly parent: Suite | undefined;
	readonly children: (Suite | TestCase)[];
	readonly hooks: Record<HookKind, TestBody[]>;
}

function newSuite(name: string, mode: Mode, parent: Suite | undefined): Suite {
	const hooks = { beforeAll: [], beforeEach: [], afterEach: [], afterAll: [] };
	return { kind: "suite", name, mode, parent, children: [], hooks };
}

/** The tree that a test file builds while it is evaluated. */
export const root: Suite = newSuite("", "normal", undefined);
export const tests: TestCase[] = [];
let current = root;
let phase: "collecting" | "running" = "collecting";

/** From now on, defining a test is a mistake in the test file. */
export function endCollection(): void {
	phase = "running";
}

export function addSuite(name: string, body: TestBody, mode: Mode): void {
	checkPhase(`describe(${JSON.stringify(name)})`);
	const suite = newSuite(name, mode, current);
	current.children.push(suite);
	current = suite;
	try {
		const result = body();
		if (result !== undefined) throw new Error(`describe(${JSON.stringify(name)}) must not return a value or be async`);
	} finally {
		current = suite.parent ?? root;
	}
}

export function addTest(name: string, body: TestBody, mode: Mode, timeout?: number): void {
	checkPhase(`test(${JSON.stringify(name)})`);
	if (body.length > 0) throw new Error(`test(${JSON.stringify(name)}) takes a callback: return a promise instead`);
	const test: TestCase = { kind: "test", id: tests.length, name, mode, body, suite: current, timeout };
	current.children.push(test);
	tests.push(test);
}

export function addHook(kind: HookKind, body: TestBody): void {
	checkPhase(kind);
	current.hooks[kind].push(body);
}

function checkPhase(what: string): void {
	if (phase === "running")
		throw new Error(`${what} within a test: tests and hooks are defined before the first one runs`);
}

/** The suites around a test, outermost first, without the root. */
export function suitesOf(test: TestCase): Suite[] {
	const suites: Suite[] = [];
	for (let suite = test.suite; suite.parent; suite = suite.parent) suites.unshift(suite);
	return suites;
}

/** What is to happen to a test, before the file's names are filtered. */
export function planOf(test: TestCase): "run" | "skip" | "todo" {
	const modes = [test.mode, ...suitesOf(test).map((suite) => suite.mode)];
	if (test.mode === "todo") return "todo";
	if (modes.includes("skip")) return "skip";
	return hasOnly(root) && !modes.includes("only") ? "skip" : "run";
}

function hasOnly(node: Suite | TestCase): boolean {
	return node.mode === "only" || (node.kind === "suite" && node.children.some(hasOnly));
}
