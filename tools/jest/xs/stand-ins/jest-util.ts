/** The few functions of `jest-util` that `expect` and `jest-each` call; the rest of it is made for Node. */

export function isPromise(value: unknown): boolean {
	return typeof (value as { then?: unknown } | null | undefined)?.then === "function";
}

export function pluralize(word: string, count: number, ending = "s"): string {
	return `${count} ${word}${count === 1 ? "" : ending}`;
}

export function convertDescriptorToString(descriptor: unknown): string {
	return typeof descriptor === "function" ? descriptor.name : String(descriptor);
}

/** `expect` sets the message later, which takes a property of its own where built-ins are frozen. */
export class ErrorWithStack extends Error {
	override message = "";
}
