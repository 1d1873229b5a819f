import { ANSWER, type Field, message, Reader } from "./wire.ts";

/** Taken before the firmware could see it: the device has no such function. */
const issue = issueCommand;

/** Calls the host. Throws what the host refuses with, as native functions of the device throw. */
export function call(kind: number, ...fields: readonly Field[]): Reader {
	const answer = new Reader(new Uint8Array(issue(message(kind, ...fields).buffer as ArrayBuffer)));
	if (answer.kind === ANSWER.ERROR) throw new Error(answer.text());
	return answer;
}
