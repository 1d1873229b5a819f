import { spawnSync } from "node:child_process";
import { mkdirSync, readdirSync, readFileSync, symlinkSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, expect, test } from "@jest/globals";
import { Command } from "./support/command.ts";
import { ready } from "./support/hub-process.ts";
import { TemporaryFolders } from "./support/temporary-folder.ts";

const PROJECT = fileURLToPath(new URL("../..", import.meta.url));

const folders = new TemporaryFolders();
let hub: Command | undefined;

afterEach(async () => {
	await hub?.dispose();
	folders.remove();
});

function run(folder: string, program: string, ...args: readonly string[]): string {
	const { status, stdout, stderr } = spawnSync(program, args, { cwd: folder, encoding: "utf8" });
	if (status !== 0) throw new Error(`${program} ended with ${status}: ${stderr}`);
	return stdout;
}

/** A folder as `npm install` leaves it: the package as it is packed, and its dependencies, not those of development. */
function install(): string {
	const folder = folders.make();
	run(PROJECT, "npm", "pack", "--silent", "--ignore-scripts", "--pack-destination", folder);
	const [archive = ""] = readdirSync(folder);
	const installed = join(folder, "node_modules/motehub");
	mkdirSync(installed, { recursive: true });
	run(folder, "tar", "xzf", archive, "-C", installed, "--strip-components=1");
	const { dependencies, bin } = JSON.parse(readFileSync(join(installed, "package.json"), "utf8")) as {
		readonly dependencies: Readonly<Record<string, string>>;
		readonly bin: { readonly motehub: string };
	};
	for (const name of Object.keys(dependencies)) link(join(PROJECT, "node_modules", name), folder, name);
	link(join(installed, bin.motehub), folder, ".bin/motehub");
	run(installed, "chmod", "+x", bin.motehub); // as npm does
	return folder;
}

function link(target: string, folder: string, name: string): void {
	const path = join(folder, "node_modules", name);
	mkdirSync(dirname(path), { recursive: true });
	symlinkSync(target, path);
}

test("npx motehub starts the hub of the package, with nothing of the repository beside it", async () => {
	const folder = install();
	expect(run(folder, "npx", "--no-install", "motehub", "--version")).toMatch(/^\d+\.\d+\.\d+\n$/);
	const program = join(folder, "node_modules/.bin/motehub");
	hub = new Command(program, ["--port", "0", "--http-port", "0", "--data", join(folder, "data")]);
	const { port } = await ready(hub);
	expect(port).toBeGreaterThan(0);
	const library = 'const { createHub } = await import("motehub/hub"); console.log(typeof createHub);';
	expect(run(folder, process.execPath, "--input-type=module", "-e", library)).toBe("function\n");
});
