import { spawnSync } from "node:child_process";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import type { MqttClient } from "mqtt";
import { Command, isInstalled } from "./support/command.ts";
import { type HubProcess, ready } from "./support/hub-process.ts";
import { closing, MqttJs, receiveText } from "./support/mqtt-js.ts";
import { TemporaryFolders } from "./support/temporary-folder.ts";

const MAIN = fileURLToPath(new URL("../../dist/hosts/hub/main.js", import.meta.url));
const OPTIONS = ["--allow-anonymous", "--port", "0", "--http-port", "0", "--data"] as const;
const QUOTA_EXCEEDED = 0x97;
const LASTING = { clientId: "sub", clean: false, properties: { sessionExpiryInterval: 3_600 } } as const;
const folders = new TemporaryFolders();

/** A place for data that has room for little more than nothing, and later for more. */
interface Disk {
	start(): Command;
	makeRoom(): void;
	remove(): void;
}

/** The system lets the process write no file longer than half a megabyte. */
function limitedFiles(): Disk {
	const data = folders.make();
	let command: Command | undefined;
	return {
		start() {
			const shell = 'ulimit -S -f 512; exec "$@"';
			command = new Command("bash", ["-c", shell, "bash", process.execPath, MAIN, ...OPTIONS, data]);
			return command;
		},
		makeRoom: () => void spawnSync("prlimit", ["--pid", String(command?.pid), "--fsize=unlimited:"]),
		remove: () => undefined,
	};
}

/** A file system in memory, most of which something else takes. */
function fullFileSystem(): Disk {
	const data = folders.make();
	mountTmpfs(data);
	const filler = join(data, "filler");
	writeFileSync(filler, Buffer.alloc(2_500_000));
	return {
		start: () => new Command(process.execPath, [MAIN, ...OPTIONS, data]),
		makeRoom: () => rmSync(filler, { force: true }),
		remove: () => void spawnSync("umount", [data]),
	};
}

function mountTmpfs(folder: string): boolean {
	return spawnSync("mount", ["-t", "tmpfs", "-o", "size=3m", "tmpfs", folder]).status === 0;
}

/** It takes the rights of an administrator. */
function canMount(): boolean {
	const folder = folders.make();
	mkdirSync(folder, { recursive: true });
	const can = isInstalled("mount") && mountTmpfs(folder);
	if (can) spawnSync("umount", [folder]);
	folders.remove();
	return can;
}

const DISKS = [
	{ name: "a limit for files", make: limitedFiles, isThere: isInstalled("bash") && isInstalled("prlimit") },
	{ name: "a full file system", make: fullFileSystem, isThere: canMount() },
];

describe.each(DISKS.filter(({ isThere }) => isThere))("a disk without room ($name)", ({ make }) => {
	let disk: Disk;
	let hub: HubProcess;
	let clients: MqttJs;
	let publisher: MqttClient;

	async function start(): Promise<void> {
		hub = await ready(disk.start());
		clients = new MqttJs(hub, "tcp", "5");
	}

	/** The entries of the hub's log with this message. */
	function logged(message: string): unknown[] {
		const lines = hub.command.stderr.split("\n").filter((line) => line.startsWith("{"));
		const entries = lines.map((line) => JSON.parse(line) as { readonly msg: string });
		return entries.filter(({ msg }) => msg === message);
	}

	/** Publishes for a subscriber who is away until the hub refuses; returns how many messages it took, and the reason. */
	async function fill(): Promise<{ readonly accepted: number; readonly code: unknown }> {
		for (let accepted = 0; ; accepted++) {
			try {
				await publisher.publishAsync("t", Buffer.alloc(10_000, accepted), { qos: 1 });
			} catch (error) {
				return { accepted, code: (error as { readonly code?: unknown }).code };
			}
		}
	}

	beforeEach(async () => {
		disk = make();
		await start();
		const subscriber = await clients.connect(LASTING);
		await subscriber.subscribeAsync("t", { qos: 1 });
		await subscriber.endAsync();
		publisher = await clients.connect();
	});
	afterEach(async () => {
		await clients.end();
		await hub.command.dispose();
		disk.remove();
		folders.remove();
	});

	test("publishers of MQTT 5 are refused with 0x97, those of 3.x disconnected; one line in the log says why", async () => {
		const { accepted, code } = await fill();
		expect(accepted).toBeGreaterThan(5);
		expect(code).toBe(QUOTA_EXCEEDED);
		await expect(publisher.publishAsync("t", "x", { qos: 2 })).rejects.toMatchObject({ code: QUOTA_EXCEEDED });
		const elders = new MqttJs(hub, "tcp", "3.1.1");
		for (const qos of [1, 2] as const) {
			const elder = await elders.connect();
			const closed = closing(elder);
			let isAcknowledged = false;
			elder.publish("t", "x", { qos }, (error) => (isAcknowledged ||= !error));
			await closed;
			expect(isAcknowledged).toBe(false);
		}
		await elders.end();
		expect(logged("the store cannot be written: messages of QoS 1 and 2 are refused")).toEqual([
			expect.objectContaining({ level: "error", reason: expect.stringMatching(/^[\w /]+; [\d,]+ bytes are free$/) }),
		]);
		expect(hub.command.stderr).toContain("The broker's store is full.");
	});

	test("what needs no writing goes on", async () => {
		await publisher.publishAsync("state", "on", { qos: 1, retain: true });
		await fill();
		const reader = await clients.connect();
		const retained = receiveText(reader);
		await reader.subscribeAsync(["state", "live"]);
		expect(await retained).toBe("state=on");
		const live = receiveText(reader);
		publisher.publish("live", "now");
		expect(await live).toBe("live=now");
	});

	test("a session's client comes back and gets what was acknowledged", async () => {
		const { accepted } = await fill();
		const { sessionPresent, inbox } = await clients.resume(LASTING);
		expect(sessionPresent).toBe(true);
		await inbox.has(accepted);
	});

	test("it goes on when there is room again, and what was acknowledged in all is there after a crash", async () => {
		const { accepted } = await fill();
		disk.makeRoom();
		await hub.command.reports(/"the store can be written again"/);
		await publisher.publishAsync("t", "more", { qos: 1 });
		await clients.end();
		await hub.command.dispose();
		await start();
		const { sessionPresent, inbox } = await clients.resume(LASTING);
		expect(sessionPresent).toBe(true);
		await inbox.has(accepted + 1);
		expect(inbox.texts.at(-1)).toBe("more");
	});

	test("it stops in good order before there is room", async () => {
		await fill();
		hub.command.signal("SIGTERM");
		expect(await hub.command.exitCode()).toBe(0);
	});

	test("a crash before there is room loses nothing that was acknowledged, and the hub starts all the same", async () => {
		const { accepted } = await fill();
		await clients.end();
		await hub.command.dispose();
		await start();
		const { sessionPresent, inbox } = await clients.resume(LASTING);
		expect(sessionPresent).toBe(true);
		await inbox.has(accepted);
	});
});
