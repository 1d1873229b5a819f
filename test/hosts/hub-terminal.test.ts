import { fileURLToPath } from "node:url";
import { afterEach, expect, test } from "@jest/globals";
import { connectAsync } from "mqtt";
import { Command, isInstalled } from "./support/command.ts";
import { dismissal } from "./support/mqtt-js.ts";
import { TemporaryFolders } from "./support/temporary-folder.ts";

const MAIN = fileURLToPath(new URL("../../dist/hosts/hub/main.js", import.meta.url));
const TERMINAL = fileURLToPath(new URL("./support/terminal.py", import.meta.url));
const SIGKILL = 9;
/** MQTT 5: the server shuts down. */
const SHUTS_DOWN = 0x8b;

const hasPython = process.platform !== "win32" && isInstalled("python3");
const testInTerminal = hasPython ? test : test.skip;
const folders = new TemporaryFolders();
let terminal: Command | undefined;

afterEach(async () => {
	await terminal?.dispose();
	folders.remove();
});

testInTerminal(
	`a hub reloads on SIGHUP, and ends in good order with its terminal${hasPython ? "" : " (needs python3)"}`,
	async () => {
		const args = ["--port", "0", "--http-port", "0", "--allow-anonymous", "--data", folders.make()];
		terminal = new Command("python3", [TERMINAL, process.execPath, MAIN, ...args]);
		const [, hub] = await terminal.prints(/^process (\d+)$/m);
		const [, url = ""] = await terminal.prints(/^motehub ready: (\S+)/m);
		process.kill(Number(hub), "SIGHUP");
		const client = await connectAsync(url, { protocolVersion: 5, reconnectPeriod: 0 });
		const dismissed = dismissal(client);
		terminal.signal("SIGUSR1");
		expect(await dismissed).toBe(SHUTS_DOWN);
		await terminal.prints(new RegExp(`^ended by signal ${SIGKILL}$`, "m"));
		await client.endAsync(true);
	},
);
