import { fileURLToPath } from "node:url";
import { afterEach, describe, expect, test } from "@jest/globals";
import { connectAsync, type MqttClient } from "mqtt";
import { Command, isInstalled } from "./support/command.ts";
import { dismissal } from "./support/mqtt-js.ts";
import { connectFrame } from "./support/packets.ts";
import { RawPeer } from "./support/raw-peer.ts";
import { TemporaryFolders } from "./support/temporary-folder.ts";

const MAIN = fileURLToPath(new URL("../../dist/hosts/hub/main.js", import.meta.url));
const TERMINAL = fileURLToPath(new URL("./support/terminal.py", import.meta.url));
const SIGKILL = 9;
/** MQTT 5: the server shuts down. */
const SHUTS_DOWN = 0x8b;

/** As setsid does, which is not on every machine. */
const SETSID = "python3 -c 'import os, sys; os.setsid(); os.execvp(sys.argv[1], sys.argv[1:])'";

const hasPython = process.platform !== "win32" && isInstalled("python3");
const describeInTerminal = hasPython ? describe : describe.skip;
const folders = new TemporaryFolders();
let terminal: Command | undefined;
let hub: number | undefined;
let client: MqttClient | undefined;

afterEach(async () => {
	await client?.endAsync(true);
	await terminal?.dispose();
	if (hub !== undefined && isRunning(hub)) process.kill(hub, "SIGKILL");
	hub = undefined; // its number may become another process's
	folders.remove();
});

function isRunning(pid: number): boolean {
	try {
		return process.kill(pid, 0);
	} catch {
		return false;
	}
}

/** Starts a hub by a shell's line, which has it as "$@" and prints its process before. */
async function startHub(line: string): Promise<{ readonly url: string; readonly client: MqttClient }> {
	const args = ["--port", "0", "--http-port", "0", "--allow-anonymous", "--data", folders.make()];
	terminal = new Command("python3", [TERMINAL, "sh", "-c", line, "sh", process.execPath, MAIN, ...args]);
	const [, pid] = await terminal.prints(/^hub (\d+)\r?$/m);
	hub = Number(pid);
	const [, url = ""] = await terminal.prints(/^motehub ready: (\S+)/m);
	client = await connectAsync(url, { protocolVersion: 5, reconnectPeriod: 0 });
	return { url, client };
}

async function closeTerminal(): Promise<void> {
	terminal?.signal("SIGUSR1");
	await terminal?.prints(/^terminal closed$/m);
}

function signalHub(name: NodeJS.Signals): void {
	if (hub !== undefined) process.kill(hub, name);
}

/** Tells how the shell's process ended, which became the hub. */
async function expectOrderlyEnd(): Promise<void> {
	terminal?.signal("SIGUSR2");
	await terminal?.prints(new RegExp(`^ended by signal ${SIGKILL}$`, "m"));
}

describeInTerminal(`a hub in a terminal${hasPython ? "" : " (needs python3)"}`, () => {
	test("reloads on SIGHUP, and ends in good order with its terminal, though its shell says it again", async () => {
		const { url, client } = await startHub('echo hub $$; exec "$@"');
		signalHub("SIGHUP");
		const slow = await RawPeer.open(Number(new URL(url).port), { isDeaf: true });
		slow.send(connectFrame(5));
		await slow.has(1);
		const dismissed = dismissal(client);
		await closeTerminal();
		expect(await dismissed).toBe(SHUTS_DOWN);
		signalHub("SIGHUP");
		await expectOrderlyEnd();
		slow.destroy();
	});

	test("that only writes there ends without a crash when that is gone", async () => {
		const { client } = await startHub('echo hub $$; exec "$@" </dev/null');
		const dismissed = dismissal(client);
		await closeTerminal();
		signalHub("SIGTERM");
		expect(await dismissed).toBe(SHUTS_DOWN);
		await expectOrderlyEnd();
	});

	test("that setsid took out of it outlives it, and reloads on SIGHUP as ever", async () => {
		const { client } = await startHub(`exec 3<&0; ${SETSID} "$@" <&3 & echo hub $!; wait`);
		await closeTerminal();
		signalHub("SIGHUP");
		for (let i = 0; i < 20; i++) await client.publishAsync("t", "", { qos: 1 });
		const dismissed = dismissal(client);
		signalHub("SIGTERM");
		expect(await dismissed).toBe(SHUTS_DOWN);
	});
});
