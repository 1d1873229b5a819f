import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir, userInfo } from "node:os";
import { join } from "node:path";

/** Mosquitto on one port, with sessions that outlive it: it may be stopped and started again. */
export class Mosquitto {
	readonly port: number;
	readonly #folder = mkdtempSync(join(tmpdir(), "motehub-mosquitto-"));
	#child: ChildProcess | undefined;

	constructor(port: number) {
		this.port = port;
		const lines = [
			`listener ${port} 127.0.0.1`,
			"allow_anonymous true",
			`user ${userInfo().username}`, // it would give up root's rights, and with them its folder
			"persistence true",
			`persistence_location ${this.#folder}/`,
			"max_queued_messages 0",
		];
		writeFileSync(this.#file, `${lines.join("\n")}\n`);
	}

	/** Resolves once it accepts connections. */
	async start(): Promise<void> {
		const child = spawn("mosquitto", ["-c", this.#file], { stdio: "ignore" });
		this.#child = child;
		while (!(await accepts(this.port))) {
			if (child.exitCode !== null) throw new Error(`mosquitto ended with code ${child.exitCode}`);
		}
	}

	/** Lets it save what it has, and waits for its end. */
	async stop(): Promise<void> {
		const child = this.#child;
		this.#child = undefined;
		if (child === undefined || child.exitCode !== null) return;
		child.kill();
		await once(child, "exit");
	}

	async dispose(): Promise<void> {
		await this.stop();
		rmSync(this.#folder, { recursive: true, force: true });
	}

	get #file(): string {
		return join(this.#folder, "mosquitto.conf");
	}
}

/** It does not say when it is ready. */
async function accepts(port: number): Promise<boolean> {
	const socket = connect(port, "127.0.0.1");
	const accepted = await new Promise<boolean>((resolve) => {
		socket.once("connect", () => resolve(true)).once("error", () => resolve(false));
	});
	socket.destroy();
	return accepted;
}
