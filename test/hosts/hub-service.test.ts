import { spawnSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, describe, expect, test } from "@jest/globals";
import { connectAsync } from "mqtt";
import { ServiceManager } from "../../hosts/hub/operation/service-manager.ts";
import { Command, isInstalled } from "./support/command.ts";
import { hubCommandIn, startHubProcess } from "./support/hub-process.ts";
import { dismissal } from "./support/mqtt-js.ts";
import { connectFrame, publishFrame, subscribeFrame } from "./support/packets.ts";
import { RawPeer } from "./support/raw-peer.ts";
import { TemporaryFolders } from "./support/temporary-folder.ts";

const RECEIVER = fileURLToPath(new URL("./support/notify-receiver.py", import.meta.url));

const folders = new TemporaryFolders();
const commands: Command[] = [];
const peers: RawPeer[] = [];

afterEach(async () => {
	for (const peer of peers.splice(0)) peer.destroy();
	await Promise.all(commands.splice(0).map((command) => command.dispose()));
	folders.remove();
});

function run(command: Command): Command {
	commands.push(command);
	return command;
}

describe("the service manager", () => {
	const told: string[] = [];
	const tell = (assignments: readonly string[]) => void told.push(...assignments);

	test("is told nothing where there is none", () => {
		const manager = new ServiceManager({ WATCHDOG_USEC: "1000" }, tell);
		manager.ready("up");
		manager.stopping();
		expect(told).toEqual([]);
	});

	test.each([
		["is not asked for", {}],
		["is for another process", { WATCHDOG_USEC: "1", WATCHDOG_PID: "1" }],
		["is off", { WATCHDOG_USEC: "0" }],
		["is no number", { WATCHDOG_USEC: "soon" }],
	])("gets no sign of life when the watchdog %s", async (_, environment) => {
		const manager = new ServiceManager({ NOTIFY_SOCKET: "/run/notify", ...environment }, tell);
		manager.ready("up");
		await new Promise((resolve) => setTimeout(resolve, 3)); // a watchdog's timer would be due before this one
		manager.stopping();
		expect(told.splice(0)).toEqual(["READY=1", "STATUS=up", "STOPPING=1"]);
	});

	const canNotify = isInstalled("systemd-notify") && isInstalled("python3");
	(canNotify ? test : test.skip)("is told by systemd-notify of start, life and stop", async () => {
		const folder = folders.make();
		const socket = join(folder, "notify");
		const receiver = run(new Command("python3", [RECEIVER, socket]));
		await receiver.prints(/^listening$/m);
		const environment = { NOTIFY_SOCKET: socket, WATCHDOG_USEC: "200000" };
		const hub = run(hubCommandIn(environment, "--port", "0", "--http-port", "0", "--data", folder));
		await receiver.prints(/^READY=1$/m);
		expect((await receiver.prints(/^STATUS=(.*)$/m))[1]).toMatch(/^mqtt:\/\/127\.0\.0\.1:\d+ ws:\S+$/);
		await receiver.prints(/(WATCHDOG=1\n[\s\S]*){3}/);
		hub.signal("SIGTERM");
		await receiver.prints(/^STOPPING=1$/m);
		expect(await hub.exitCode()).toBe(0);
	});

	test("that cannot be told is a warning, and the hub runs", async () => {
		const environment = { NOTIFY_SOCKET: "/nowhere", PATH: "/nowhere" };
		const hub = run(hubCommandIn(environment, "--port", "0", "--http-port", "0", "--data", folders.make()));
		await hub.prints(/^motehub ready/m);
		hub.signal("SIGTERM");
		expect(await hub.exitCode()).toBe(0);
		expect(hub.stderr).toContain("systemd cannot be notified: spawn systemd-notify ENOENT");
	});
});

/** Connects as `version` and waits for CONNACK. */
async function connected(port: number, clientId: string, version: 4 | 5, isDeaf = false): Promise<RawPeer> {
	const peer = await RawPeer.open(port, { isDeaf });
	peers.push(peer);
	peer.send(connectFrame(version, { clientId, clean: false }));
	await peer.has(4);
	return peer;
}

// The program exits with 1 by itself when the end takes longer than its 4.5 seconds.
const canVerify = isInstalled("systemd-analyze");
(canVerify ? test : test.skip)("the unit is one that systemd understands", () => {
	const unit = readFileSync(new URL("../../tools/systemd/motehub.service", import.meta.url), "utf8");
	const file = join(folders.make(), "motehub.service");
	// The program is installed where the unit is used.
	writeFileSync(file, unit.replace("ExecStart=motehub ", "ExecStart=/bin/true "));
	const { stdout, stderr } = spawnSync("systemd-analyze", ["verify", file], { encoding: "utf8" });
	expect(stdout + stderr).toBe("");
	expect(unit).toMatch(/^Type=notify$/m);
	expect(unit).toMatch(/^ExecReload=kill -HUP \$MAINPID$/m);
});

test("SIGTERM ends a hub with many clients in time: quick, deaf, and with megabytes waiting for them", async () => {
	const hub = await startHubProcess(folders.make(), "--allow-anonymous");
	run(hub.command);
	await Promise.all(Array.from({ length: 200 }, (_, i) => connected(hub.port, `quick-${i}`, i % 2 === 0 ? 4 : 5)));
	await Promise.all(Array.from({ length: 50 }, (_, i) => connected(hub.port, `deaf-${i}`, 4, true)));
	for (let i = 0; i < 20; i++) {
		const stopped = await connected(hub.port, `stopped-${i}`, 4);
		stopped.send(subscribeFrame("big", 4));
		await stopped.has(9);
		stopped.socket.pause();
	}
	const publisher = await connected(hub.port, "publisher", 4);
	for (let i = 0; i < 20; i++) publisher.send(publishFrame("big", new Uint8Array(262_144), 4));
	const client = await connectAsync(`ws://127.0.0.1:${hub.httpPort}`, { protocolVersion: 5, reconnectPeriod: 0 });
	const dismissed = dismissal(client);
	hub.command.signal("SIGTERM");
	expect(await dismissed).toBe(0x8b);
	expect(await hub.command.exitCode()).toBe(0);
	await client.endAsync(true);
}, 20_000); // on a busy machine; that it ended by itself is in the exit code
