import * as fastCheck from "fast-check";
import { strip } from "./bare-realm.ts";
import { Execution } from "./execute.ts";
import { failureOf } from "./failure.ts";
import * as jestGlobals from "./globals.ts";
import type { Done, Failure, Listing, Report, Request } from "./protocol.ts";
import { endCollection, planOf, suitesOf, tests } from "./registry.ts";

/*
 * Evaluated first in every engine; the bundle of a test file comes after it. Answers go out as `result` of what
 * `handleCommand` returned, read when the engine is idle: of a run, it is only there when the run is done.
 */

/** Put in by the bundler: null for a random one. */
declare const PROPERTY_SEED: number | null;
declare const issueCommand: (bytes: ArrayBuffer) => ArrayBuffer;
declare class TextEncoder {
	encode(text: string): Uint8Array<ArrayBuffer>;
}
declare class TextDecoder {
	decode(bytes: ArrayBuffer): string;
}

const send = issueCommand;
const encoder = new TextEncoder();
const decoder = new TextDecoder();
let loadFailure: Failure | undefined;
let execution: Execution | undefined;
let runAnswer: { result?: ArrayBuffer } = {};

function encode(value: unknown): ArrayBuffer {
	return encoder.encode(JSON.stringify(value)).buffer;
}

/** The file's bundle calls this with all of its code: the engine itself would only hand on an exception's text. */
function loadTests(evaluate: () => void): void {
	try {
		evaluate();
	} catch (thrown) {
		loadFailure = failureOf(thrown);
	}
}

function list(): Listing {
	if (loadFailure) return { tests: [], failure: loadFailure };
	return {
		tests: tests.map((test) => ({
			id: test.id,
			name: test.name,
			suites: suitesOf(test).map((suite) => suite.name),
			plan: planOf(test),
			...(test.timeout === undefined ? {} : { timeout: test.timeout }),
		})),
	};
}

function run(ids: readonly number[], answer: { result?: ArrayBuffer }): void {
	endCollection();
	execution = new Execution(ids, (report: Report) => send(encode(report)));
	const end = (done: Done) => {
		answer.result = encode(done);
	};
	void execution.run().then(
		() => end({}),
		(thrown: unknown) => end({ failure: failureOf(thrown) }),
	);
}

function handle(request: Request): { result?: ArrayBuffer } {
	switch (request.kind) {
		case "list":
			return { result: encode(list()) };
		case "run":
			runAnswer = {};
			run(request.ids, runAnswer);
			return runAnswer;
		case "abandon":
			execution?.abandon();
			return runAnswer;
	}
}

if (PROPERTY_SEED !== null) fastCheck.configureGlobal({ seed: PROPERTY_SEED });
strip();
Object.assign(globalThis, {
	/** Where the bundle of a test file finds what it imports. */
	loadTests,
	testModules: { "@jest/globals": jestGlobals, "fast-check": fastCheck },
	handleCommand: (bytes: ArrayBuffer) => handle(JSON.parse(decoder.decode(bytes)) as Request),
});
