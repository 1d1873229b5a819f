import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { type AddressInfo, connect, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Aedes } from "aedes";
import { isInstalled } from "./command.ts";
import { startHub } from "./running-hub.ts";

/** A broker that lets everybody in. */
export interface RunningBroker {
	readonly port: number;
	close(): Promise<void>;
}

/** Brokers by name: ours, and others' as far as they are installed. */
export const BROKERS: readonly { readonly name: string; readonly start: (() => Promise<RunningBroker>) | undefined }[] =
	[
		{ name: "our hub", start: startOurs },
		{ name: "Aedes", start: startAedes },
		{ name: "Mosquitto", start: isInstalled("mosquitto") ? () => startMosquitto() : undefined },
	];

async function startOurs(): Promise<RunningBroker> {
	const { hub, port } = await startHub();
	return { port, close: () => hub.close() };
}

async function startAedes(): Promise<RunningBroker> {
	const aedes = await Aedes.createBroker();
	const server = createServer(aedes.handle);
	server.listen(0, "127.0.0.1");
	await once(server, "listening");
	return {
		port: (server.address() as AddressInfo).port,
		async close() {
			server.close();
			await new Promise<void>((resolve) => {
				aedes.close(resolve);
			});
		},
	};
}

/** `lines` are those of its configuration below the listener. */
export async function startMosquitto(lines: readonly string[] = ["allow_anonymous true"]): Promise<RunningBroker> {
	const folder = await mkdtemp(join(tmpdir(), "motehub-mosquitto-"));
	const port = await freePort();
	const file = join(folder, "mosquitto.conf");
	await writeFile(file, [`listener ${port} 127.0.0.1`, ...lines, ""].join("\n"));
	const child = spawn("mosquitto", ["-c", file], { stdio: "ignore" });
	await accepts(port, child);
	return {
		port,
		async close() {
			child.kill();
			await once(child, "exit");
			await rm(folder, { recursive: true });
		},
	};
}

export async function freePort(): Promise<number> {
	const server = createServer().listen(0, "127.0.0.1");
	await once(server, "listening");
	const { port } = server.address() as AddressInfo;
	server.close();
	await once(server, "close");
	return port;
}

/** Resolves once connections are accepted: Mosquitto does not say when it is ready. */
async function accepts(port: number, child: ChildProcess): Promise<void> {
	while (child.exitCode === null) {
		const socket = connect(port, "127.0.0.1");
		const accepted = await new Promise<boolean>((resolve) => {
			socket.once("connect", () => resolve(true)).once("error", () => resolve(false));
		});
		socket.destroy();
		if (accepted) return;
	}
	throw new Error(`mosquitto ended with code ${child.exitCode}`);
}
