import { fileURLToPath } from "node:url";
import { afterEach, expect, test } from "@jest/globals";
import { Command } from "./support/command.ts";
import { crash } from "./support/crash-scenario.ts";
import { ready, startHubProcess } from "./support/hub-process.ts";
import { TemporaryFolders } from "./support/temporary-folder.ts";

const EAGER = fileURLToPath(new URL("../../dist/test/hosts/support/eager-hub.js", import.meta.url));
const QUIET = ["--allow-anonymous", "--log-level", "error"] as const;
const folders = new TemporaryFolders();

afterEach(() => folders.remove());

/** Another course of events each time; a report names the seed that led to it. */
const seed = Math.floor(Math.random() * 2 ** 31);

test(`what the hub acknowledged survives being killed 22 times (seed ${seed})`, async () => {
	const data = folders.make();
	const start = (port: number) => startHubProcess(data, "--port", String(port), ...QUIET);
	expect(await crash({ start, kills: 22, seed })).toEqual([]);
}, 240_000);

test("this test would find a hub that acknowledges before it has committed", async () => {
	const data = folders.make();
	const start = (port: number) => ready(new Command(process.execPath, [EAGER, String(port), data]));
	expect(await crash({ start, kills: 4, seed })).not.toEqual([]);
}, 120_000);
