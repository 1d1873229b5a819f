/** What the Jest runner and the engine tell each other, as JSON. */

/** Asked of the engine. `abandon`: the engine fell idle before the run was done, so the current test never ends. */
export type Request =
	| { readonly kind: "list" }
	| { readonly kind: "run"; readonly ids: readonly number[] }
	| { readonly kind: "abandon" };

/** Answers `list`. */
export interface Listing {
	readonly tests: readonly ListedTest[];
	/** The file threw while it was evaluated; what it had defined by then is not worth running. */
	readonly failure?: Failure;
}

/** One test of the file, in the order of the file. */
export interface ListedTest {
	readonly id: number;
	readonly name: string;
	/** The names of the suites around it, outermost first. */
	readonly suites: readonly string[];
	readonly plan: "run" | "skip" | "todo";
	/** Milliseconds that the test asks for. */
	readonly timeout?: number;
}

/** Answers `run` and `abandon` once the run is over. `failure`: the harness itself broke. */
export interface Done {
	readonly failure?: Failure;
}

/** Told by the engine while it runs. A test may end twice when a hook fails after it: the later one counts. */
export type Report =
	| { readonly kind: "start"; readonly id: number }
	| { readonly kind: "end"; readonly id: number; readonly assertions: number; readonly failures: readonly Failure[] };

export interface Failure {
	/** `Name: message`, with causes and collected errors below it. */
	readonly message: string;
	/** XS's stack frames, ` at function (file:line)`, innermost first. */
	readonly frames: readonly string[];
}
