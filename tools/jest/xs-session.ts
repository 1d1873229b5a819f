import { XsExit, type XsReply, XsWorker } from "../../hosts/simulator/xs-worker.ts";
import type { Done, Listing, Report, Request } from "./xs/protocol.ts";
import { harnessScript, type Script } from "./xs-bundle.ts";

/** What `print` shows before it is cut. */
const MAX_OUTPUT = 64 * 1024;

/** One test file in an engine of its own. */
export class XsSession {
	readonly #worker: XsWorker;
	readonly #script: Script;
	readonly #timeouts = new Map<number, number>();
	readonly #patience: number;
	#watchdog: NodeJS.Timeout | undefined;
	#onReport: (report: Report) => void = () => {};
	#output = "";

	/**
	 * `patience`: milliseconds that the engine may be busy with one test, unless the test asks for more. Throws
	 * `XsEngineMissing`.
	 */
	constructor(name: string, script: Script, patience: number) {
		this.#script = script;
		this.#patience = patience;
		this.#worker = new XsWorker({
			name,
			onCommand: (bytes) => this.#receive(bytes),
			onOutput: (text) => {
				if (this.#output.length < MAX_OUTPUT) this.#output += text;
			},
		});
	}

	/** What the tests, or the engine on its last breath, printed. */
	get output(): string {
		return this.#output;
	}

	/** Evaluates the file. Rejects with `XsExit` when that ends the engine. */
	async collect(): Promise<Listing> {
		await this.#worker.evaluate(await harnessScript());
		this.#watch(this.#patience, "evaluating the file");
		await this.#worker.evaluate(this.#script.code);
		const listing = (await this.#ask({ kind: "list" })) as Listing;
		clearTimeout(this.#watchdog);
		for (const { id, timeout } of listing.tests) if (timeout !== undefined) this.#timeouts.set(id, timeout);
		return listing;
	}

	/** Runs the tests and reports as they go. Returns the reason when the run ends before they do. */
	async run(ids: readonly number[], onReport: (report: Report) => void): Promise<string | undefined> {
		this.#onReport = onReport;
		try {
			let done = await this.#ask({ kind: "run", ids });
			while (!done) done = await this.#ask({ kind: "abandon" });
			return (done as Done).failure?.message;
		} catch (error) {
			if (error instanceof XsExit) return [error.message, hintFor(error), this.#output].join("\n").trim();
			throw error;
		} finally {
			clearTimeout(this.#watchdog);
		}
	}

	async close(): Promise<void> {
		clearTimeout(this.#watchdog);
		this.#worker.kill();
		await this.#worker.exited;
	}

	async #ask(request: Request): Promise<unknown> {
		const { bytes }: XsReply = await this.#worker.command(Buffer.from(JSON.stringify(request)));
		return bytes.length === 0 ? undefined : JSON.parse(Buffer.from(bytes).toString());
	}

	#receive(bytes: Uint8Array): Uint8Array {
		const report = JSON.parse(Buffer.from(bytes).toString()) as Report;
		const timeout = report.kind === "start" ? (this.#timeouts.get(report.id) ?? 0) : 0;
		this.#watch(Math.max(this.#patience, timeout), report.kind === "start" ? "one test" : "a hook");
		this.#onReport(report);
		return new Uint8Array(0);
	}

	#watch(time: number, what: string): void {
		clearTimeout(this.#watchdog);
		this.#watchdog = setTimeout(() => this.#worker.kill(`no end after ${time / 1000} s of ${what}`), time);
	}
}

/** What is not obvious about an end of the engine. */
function hintFor(exit: XsExit): string {
	if (!exit.message.endsWith("stack overflow")) return "";
	return "XS has a stack of 4,096 slots: for recursion, and for every element of a spread argument or of flatMap's result.";
}
