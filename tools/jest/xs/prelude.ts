/** What `expect` and other libraries expect of any platform: injected into their bundle, unseen by the tests. */

declare const print: (text: string) => void;
const show = print;

function log(...values: unknown[]): void {
	show(values.map(String).join(" "));
}

function noTimer(): never {
	throw new Error("There are no timers on XS: tests of src run in virtual time.");
}

function ignore(): void {}

const realm = globalThis;

export {
	ignore as clearInterval,
	ignore as clearTimeout,
	noTimer as setInterval,
	noTimer as setTimeout,
	realm as global,
};
export const process = { env: {}, argv: [], cwd: () => "/", platform: "xs", version: "" };
export const console = { debug: log, error: log, info: log, log, warn: log };
