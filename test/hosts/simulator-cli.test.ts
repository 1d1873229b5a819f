import { cp, mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "@jest/globals";
import { Command } from "./support/command.ts";
import { Observer } from "./support/observer.ts";
import { type RunningHub, startHub } from "./support/running-hub.ts";

const PROJECT = fileURLToPath(new URL("../..", import.meta.url));
const MAIN = join(PROJECT, "dist/hosts/simulator/main.js");

describe("the simulator's program", () => {
	const commands: Command[] = [];
	let running: RunningHub;

	beforeEach(async () => {
		running = await startHub({ users: { homeassistant: "secret" }, allowAnonymous: true });
	});
	afterEach(async () => {
		await Promise.all(commands.splice(0).map((command) => command.dispose()));
		await running.hub.close();
	});

	function simulator(...args: readonly string[]): Command {
		return started(MAIN, ...args);
	}

	function started(main: string, ...args: readonly string[]): Command {
		const command = new Command(process.execPath, [main, ...args]);
		commands.push(command);
		return command;
	}

	function connected(...args: readonly string[]): Command {
		return simulator("--port", String(running.port), "--interval", "1", ...args);
	}

	test("prints its help", async () => {
		const command = simulator("--help");
		expect(await command.exitCode()).toBe(0);
		expect(command.stdout).toContain("--broker <host>");
	});

	test("ends with code 2 and one line for a wrong option", async () => {
		const command = simulator("--prot", "1");
		expect(await command.exitCode()).toBe(2);
		expect(command.stdout).toBe("");
		expect(command.stderr).toMatch(/^error: unknown option '--prot'[^\n]*\n$/);
	});

	test("ends with code 1 and one line for a folder of the flash that is a file", async () => {
		const command = simulator("--state", MAIN);
		expect(await command.exitCode()).toBe(1);
		expect(command.stdout).toBe("");
		expect(command.stderr).toMatch(/^error: [^\n]+device-1\.json cannot be read as a device's flash: ENOTDIR[^\n]*\n$/);
	});

	test.each(["SIGINT", "SIGTERM"] as const)(
		"ends cleanly on %s: the device says goodbye, exit code 0",
		async (signal) => {
			const observer = await Observer.start(running.port);
			const command = connected("--client-id", "dut");
			await observer.hears("state", /uptime/);
			command.signal(signal);
			expect(await command.exitCode()).toBe(0);
			await observer.hears("availability", /^offline$/);
			expect(command.stdout).toMatch(/^info: online \(protocol=3\.1\.1/m);
			expect(command.stdout).toMatch(/^info: ended$/m);
			expect(command.stderr).toBe("");
			await observer.end();
		},
	);

	test("ends cleanly without a broker, too", async () => {
		const command = simulator("--port", "1");
		await command.prints(/^info: offline \(phase=tcp/m);
		command.signal("SIGINT");
		expect(await command.exitCode()).toBe(0);
	});

	test("runs several devices, each with its client id and its place in the output", async () => {
		const ids = ["shed-1", "shed-2", "shed-3"];
		const online = new Set<string>();
		running.hub.events.on("connected", ({ clientId }) => online.add(clientId));
		const command = connected("--count", "3", "--client-id", "shed");
		for (const id of ids) await command.prints(new RegExp(`^\\[${id}\\] info: online`, "m"));
		expect([...online].sort()).toEqual(ids);
		command.signal("SIGTERM");
		expect(await command.exitCode()).toBe(0);
	});

	test("devices without a client id have one from their MAC addresses", async () => {
		const command = connected("--count", "2");
		await command.prints(/clientId=motehub-000001\)/);
		await command.prints(/clientId=motehub-000000\)/);
	});

	test("logs in with a user name and password, and says why it cannot", async () => {
		const right = connected("--username", "homeassistant", "--password", "secret");
		await right.prints(/^info: online/m);
		const wrong = connected("--username", "homeassistant", "--password", "wrong");
		await wrong.prints(/^info: offline \(phase=connect, protocol=3\.1\.1, code=[45]/m);
		expect(wrong.stdout).not.toContain("wrong,");
	});

	test("injects faults that the device gets over", async () => {
		const command = connected("--drop", "1/0.4", "--latency", "20");
		await command.prints(/^simulator: fault: connections dropped$/m);
		await command.prints(/^info: offline \(phase=online/m);
		await command.prints(/^info: online(.|\n)*^info: online/m);
	});

	test("stalls connections, on demand", async () => {
		const command = connected("--stall", "1/0.3/1");
		await command.prints(/^simulator: fault: connections stalled for 1 s$/m);
	});

	test("keeps the devices' flash", async () => {
		const folder = await mkdtemp(join(tmpdir(), "motehub-state-"));
		const observer = await Observer.start(running.port);
		const first = connected("--client-id", "dut", "--state", folder);
		await observer.hears("state", /uptime/);
		await observer.command("interval", "11");
		await observer.hears("interval", /^11$/);
		first.signal("SIGTERM");
		await first.exitCode();
		connected("--client-id", "dut", "--state", folder);
		await observer.hears("interval", /^11$/, 2);
		await observer.end();
		await rm(folder, { recursive: true });
	});

	describe("without what it needs", () => {
		let folder: string;

		/** The program as if it were installed without development dependencies. */
		beforeAll(async () => {
			folder = await mkdtemp(join(tmpdir(), "motehub-bare-"));
			await cp(join(PROJECT, "dist/hosts/simulator"), join(folder, "dist/hosts/simulator"), { recursive: true });
			await mkdir(join(folder, "node_modules"));
			await symlink(join(PROJECT, "node_modules/commander"), join(folder, "node_modules/commander"));
			await writeFile(join(folder, "package.json"), '{"type":"module"}');
		});
		afterAll(() => rm(folder, { recursive: true }));

		async function fails(): Promise<string> {
			const command = started(join(folder, "dist/hosts/simulator/main.js"));
			expect(await command.exitCode()).toBe(1);
			expect(command.stdout).toBe("");
			return command.stderr;
		}

		test("says in one line that the firmware is not built, then that the engine is not installed, or not built", async () => {
			expect(await fails()).toBe("error: dist/device/simulated-firmware.js is missing: run npm run build\n");
			await cp(join(PROJECT, "dist/device"), join(folder, "dist/device"), { recursive: true });
			expect(await fails()).toMatch(/^error: The XS engine is not installed: [^\n]+\n$/);
			const manifest = join(folder, "node_modules/@agoric/xsnap/package.json");
			await mkdir(dirname(manifest), { recursive: true });
			await writeFile(manifest, "{}");
			expect(await fails()).toMatch(/^error: The XS engine is not built: [^\n]+\n$/);
		});
	});
});
