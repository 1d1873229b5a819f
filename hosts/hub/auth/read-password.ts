import { StringDecoder } from "node:string_decoder";
import type { ReadStream } from "node:tty";

/** Nothing was changed. The message says why, to a person. */
export class PasswdError extends Error {
	override name = "PasswdError";
}

export interface Terminal {
	readonly input: NodeJS.ReadableStream & Partial<Pick<ReadStream, "isTTY" | "setRawMode">>;
	/** Where questions go. */
	readonly output: { write(text: string): unknown };
}

/** Longest input that is taken from a pipe: MQTT passwords end at 65,535 bytes. */
const MAX_BYTES = 65_536;

/**
 * A new password: asked for twice, without echo, on a terminal; otherwise the first line of the input. Throws
 * `PasswdError`.
 */
export async function readPassword(terminal: Terminal, user: string): Promise<string> {
	if (terminal.input.isTTY !== true) return readLine(terminal.input);
	const first = await ask(terminal, `Password for ${user}: `);
	if (first === "") throw new PasswdError("the password is empty");
	const second = await ask(terminal, "The same again: ");
	if (first !== second) throw new PasswdError("the two passwords differ");
	return first;
}

async function readLine(input: NodeJS.ReadableStream): Promise<string> {
	const chunks: Buffer[] = [];
	let length = 0;
	for await (const chunk of input) {
		const bytes = Buffer.from(chunk);
		chunks.push(bytes);
		length += bytes.length;
		if (bytes.includes("\n") || length > MAX_BYTES) break;
	}
	const [line = ""] = Buffer.concat(chunks).toString("utf8").split(/\r?\n/, 1);
	if (line === "") throw new PasswdError("the password is empty");
	if (Buffer.byteLength(line) >= MAX_BYTES) throw new PasswdError("the password is longer than 65,535 bytes");
	return line;
}

function ask({ input, output }: Terminal, question: string): Promise<string> {
	input.setRawMode?.(true); // Before the question: from then on people type.
	output.write(question);
	return new Promise<string>((resolve, reject) => {
		const decoder = new StringDecoder("utf8");
		let typed = "";
		const end = (settle: () => void) => {
			input.setRawMode?.(false);
			input.pause();
			input.off("data", onData).off("end", onEnd);
			output.write("\n");
			settle();
		};
		const onEnd = () => end(() => reject(new PasswdError("the input ended")));
		const onData = (chunk: Buffer) => {
			const keys = [...decoder.write(chunk)];
			for (const [index, key] of keys.entries()) {
				if (key === ENTER || key === "\n") {
					const rest = keys.slice(index + 1).join("");
					return end(() => {
						if (rest !== "") input.unshift(Buffer.from(rest)); // Pasted: it answers the next question.
						resolve(typed);
					});
				}
				if (key === CTRL_C || key === CTRL_D) return end(() => reject(new PasswdError("interrupted")));
				if (key === DELETE || key === "\b") typed = [...typed].slice(0, -1).join("");
				else if (key >= " ") typed += key;
			}
		};
		input.on("data", onData).on("end", onEnd).resume();
	});
}

const ENTER = "\r";
const CTRL_C = "\u0003";
const CTRL_D = "\u0004";
const DELETE = "\u007f";
