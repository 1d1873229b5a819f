import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";

/** True when a program of this name can be started. */
export function isInstalled(program: string): boolean {
	return spawnSync(program, ["--help"], { stdio: "ignore" }).error === undefined;
}

/** Another program and what it prints. */
export class Command {
	readonly #child: ChildProcess;
	readonly #exit: Promise<unknown>;
	#stdout = "";
	#stderr = "";
	#heard: () => void = () => undefined;

	/** `environment` is added to that of this process. */
	constructor(program: string, args: readonly string[], environment: NodeJS.ProcessEnv = {}) {
		const env = { ...process.env, ...environment };
		this.#child = spawn(program, args, { stdio: ["ignore", "pipe", "pipe"], env });
		this.#exit = once(this.#child, "close").finally(() => this.#heard());
		this.#child.stdout?.setEncoding("utf8").on("data", (text: string) => {
			this.#stdout += text;
			this.#heard();
		});
		this.#child.stderr?.setEncoding("utf8").on("data", (text: string) => {
			this.#stderr += text;
			this.#heard();
		});
	}

	get stdout(): string {
		return this.#stdout;
	}

	get stderr(): string {
		return this.#stderr;
	}

	get pid(): number | undefined {
		return this.#child.pid;
	}

	/** Resolves once the standard output matches; rejects if the program ends before. */
	prints(pattern: RegExp): Promise<RegExpExecArray> {
		return this.#until(pattern, () => this.#stdout);
	}

	/** The same for the standard error. */
	reports(pattern: RegExp): Promise<RegExpExecArray> {
		return this.#until(pattern, () => this.#stderr);
	}

	async #until(pattern: RegExp, text: () => string): Promise<RegExpExecArray> {
		for (;;) {
			const match = pattern.exec(text());
			if (match !== null) return match;
			if (this.#ended) throw new Error(`ended before it printed ${pattern}: ${this.#stdout}${this.#stderr}`);
			await new Promise<void>((resolve) => (this.#heard = resolve));
		}
	}

	/** Resolves with the exit code once the program has ended; null after a signal. */
	async exitCode(): Promise<number | null> {
		await this.#exit;
		return this.#child.exitCode;
	}

	signal(name: NodeJS.Signals): void {
		this.#child.kill(name);
	}

	/** Ends it by force if it still runs. */
	async dispose(): Promise<void> {
		this.#child.kill("SIGKILL");
		await this.#exit;
	}

	get #ended(): boolean {
		return this.#child.exitCode !== null || this.#child.signalCode !== null;
	}
}
