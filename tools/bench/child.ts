import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";

/** Milliseconds in which a child must answer a request, whatever it is. */
const PATIENCE = 30_000;

/** Another Node process that answers one message with one message. */
export class Child<Request, Answer> {
	readonly #process: ChildProcess;
	readonly #name: string;

	/** `script` is a module beside this one, without its extension. */
	constructor(script: string, args: readonly string[] = []) {
		this.#name = script;
		this.#process = fork(new URL(`./${script}.js`, import.meta.url), args, {
			execArgv: ["--expose-gc"],
			serialization: "json",
		});
	}

	/** Sends a request and waits for its answer. Rejects when the child ends or takes too long. */
	async ask(request: Request): Promise<Answer> {
		const settled = new AbortController();
		const signal = AbortSignal.any([AbortSignal.timeout(PATIENCE), settled.signal]);
		const ended = once(this.#process, "exit", { signal }).then(() => {
			throw new Error(`${this.#name} ended without an answer`);
		});
		const answered = once(this.#process, "message", { signal });
		this.#process.send(request as object);
		try {
			const [answer] = (await Promise.race([answered, ended])) as [Answer];
			return answer;
		} finally {
			settled.abort(); // takes the listeners away
		}
	}

	async stop(): Promise<void> {
		if (this.#process.exitCode !== null || this.#process.signalCode !== null) return;
		this.#process.kill("SIGKILL");
		await once(this.#process, "exit");
	}
}

/** The child's side: answers each request of the parent, and ends with it. */
export function serve<Request, Answer>(answer: (request: Request) => Answer | Promise<Answer>): void {
	process.on("disconnect", () => process.exit(0));
	process.on("message", (request) => void reply(request as Request, answer));
}

/** A rejection is left unhandled: it ends this process with its stack, which the parent notices. */
async function reply<Request, Answer>(
	request: Request,
	answer: (request: Request) => Answer | Promise<Answer>,
): Promise<void> {
	process.send?.(await answer(request));
}
