import { symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, expect, test } from "@jest/globals";
import { DurableStore, StoreError } from "../../hosts/hub/store/index.ts";
import type { Command } from "./support/command.ts";
import { type HubProcess, hubCommand, startHubProcess } from "./support/hub-process.ts";
import { TemporaryFolders } from "./support/temporary-folder.ts";

const folders = new TemporaryFolders();
const commands: Command[] = [];

afterEach(async () => {
	await Promise.all(commands.splice(0).map((command) => command.dispose()));
	folders.remove();
});

async function started(data: string, ...args: readonly string[]): Promise<HubProcess> {
	const hub = await startHubProcess(data, ...args);
	commands.push(hub.command);
	return hub;
}

test("a second hub on the same data is one clear line and exit code 1; the first one goes on", async () => {
	const data = folders.make();
	const first = await started(data);
	const second = hubCommand("--data", data, "--port", "0", "--http-port", "0");
	commands.push(second);
	expect(await second.exitCode()).toBe(1);
	expect(second.stderr).toMatch(
		/^error: the store in [^\n]* is in use by another hub \(process \d+\): [^\n]*--data\)\n$/,
	);
	first.command.signal("SIGTERM");
	expect(await first.command.exitCode()).toBe(0);
});

test("a hub that was killed, or has ended, leaves no lock behind", async () => {
	const data = folders.make();
	const killed = await started(data);
	await killed.command.dispose();
	const ended = await started(data);
	ended.command.signal("SIGTERM");
	await ended.command.exitCode();
	await started(data);
});

test("hubs without a store share a data folder", async () => {
	const data = folders.make();
	await started(data);
	await started(data, "--memory");
});

test("one process opens a store once at a time, whatever path leads to it", async () => {
	const folder = folders.make();
	const link = join(folders.make(), "link");
	symlinkSync(folder, link);
	const store = await DurableStore.open(folder);
	await expect(DurableStore.open(folder)).rejects.toThrow(StoreError);
	await expect(DurableStore.open(link)).rejects.toThrow(/is in use by another hub/);
	await store.close();
	await (await DurableStore.open(link)).close();
});

test("a store that could not be opened is not locked", async () => {
	const folder = folders.make();
	writeFileSync(join(folder, "state.mdb"), "");
	await expect(DurableStore.open(folder)).rejects.toThrow(/is damaged/);
	await expect(DurableStore.open(folder)).rejects.toThrow(/is damaged/);
});

test("a lock that is no database is refused", async () => {
	const folder = folders.make();
	writeFileSync(join(folder, "lock.mdb"), "mine");
	await expect(DurableStore.open(folder)).rejects.toThrow(/lock\.mdb is not a store of motehub/);
});

test("a folder that cannot be made is refused", async () => {
	const file = join(folders.make(), "file");
	writeFileSync(file, "");
	await expect(DurableStore.open(join(file, "store"))).rejects.toThrow(/^making the folder .* failed \(ENOTDIR: /);
});
