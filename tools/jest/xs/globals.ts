import { bind } from "jest-each";
import { addHook, addSuite, addTest, type HookKind, type Mode, type TestBody } from "./registry.ts";

export { expect } from "expect";

/*
 * The part of `@jest/globals` that works on both engines. On Node, tests get Jest's own; its types are these on either
 * engine, so that a test which needs more than XS has does not compile.
 */

type Body = () => unknown;
type Define = (name: string, body: Body, timeout?: number) => void;
type Row<Arguments extends readonly unknown[]> = (...row: Arguments) => unknown;

/** One test, or one suite, for each row of a table. Titles take `%s`, `%p`, … in turn, or `$property` of an object. */
interface Each {
	<T extends readonly [unknown, ...unknown[]]>(
		table: readonly T[],
	): (name: string, body: Row<[...T]>, timeout?: number) => void;
	<T extends readonly unknown[]>(table: readonly T[]): (name: string, body: Row<[...T]>, timeout?: number) => void;
	<T>(table: readonly T[]): (name: string, body: Row<[T]>, timeout?: number) => void;
}

interface Defining extends Define {
	readonly each: Each;
}

interface Describe extends Defining {
	readonly only: Defining;
	readonly skip: Defining;
}

interface Test extends Describe {
	todo(name: string): void;
}

function defining(add: (name: string, body: TestBody, mode: Mode, timeout?: number) => void, mode: Mode): Defining {
	const define: Define = (name, body, timeout) => add(name, body, mode, timeout);
	// jest-each gives the rows Jest's names; `Each` says what it does not, which row the body takes.
	const each: Each = bind(define, false);
	return Object.assign(define, { each });
}

function hook(kind: HookKind): (body: Body, timeout?: number) => void {
	return (body) => addHook(kind, body);
}

export const describe: Describe = Object.assign(defining(addSuite, "normal"), {
	only: defining(addSuite, "only"),
	skip: defining(addSuite, "skip"),
});

export const test: Test = Object.assign(defining(addTest, "normal"), {
	only: defining(addTest, "only"),
	skip: defining(addTest, "skip"),
	todo: (name: string) => addTest(name, () => {}, "todo"),
});

export const beforeAll = hook("beforeAll");
export const beforeEach = hook("beforeEach");
export const afterEach = hook("afterEach");
export const afterAll = hook("afterAll");
