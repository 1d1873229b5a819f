import type { Failure } from "./protocol.ts";

const FRAME = /^ at /;

/** Describes whatever was thrown. */
export function failureOf(thrown: unknown): Failure {
	if (!(thrown instanceof Error)) return { message: `thrown: ${plain(thrown)}`, frames: [] };
	const frames = (thrown.stack ?? "").split("\n").filter((line) => FRAME.test(line));
	return { message: textsOf(thrown).join("\n\n"), frames };
}

/** The error's text, then that of its causes and of the errors that it collects. */
function textsOf(error: Error): string[] {
	const collected: unknown[] = error instanceof AggregateError ? error.errors : [];
	const texts = [`${error.name}: ${error.message}`];
	for (const other of [error.cause, ...collected]) {
		if (other instanceof Error) texts.push(...textsOf(other).map((text) => `Caused by: ${text}`));
		else if (other !== undefined) texts.push(`Caused by: ${plain(other)}`);
	}
	return texts;
}

/** What is not an Error. JSON knows no functions, symbols and undefined. */
function plain(value: unknown): string {
	return JSON.stringify(value) ?? typeof value;
}
