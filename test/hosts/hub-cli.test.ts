import { chmodSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { connectAsync } from "mqtt";
import { describeCredentials } from "../../hosts/hub/generated-password.ts";
import type { Command } from "./support/command.ts";
import { type HubProcess, hubCommand, startHubProcess } from "./support/hub-process.ts";
import { connectFrame } from "./support/packets.ts";
import { RawPeer } from "./support/raw-peer.ts";

const WRONG: readonly (readonly [string, readonly string[]])[] = [
	["an unknown option", ["--prot", "1883"]],
	["a port that is no number", ["--port", "mqtt"]],
	["a port above 65535", ["--http-port", "65536"]],
	["a missing value", ["--host"]],
	["an empty host", ["--host", ""]],
	["an unknown log level", ["--log-level", "loud"]],
	["an excess argument", ["serve"]],
	["the same port twice", ["--port", "1999", "--http-port", "1999"]],
];

let data: string;
const commands: Command[] = [];

beforeEach(() => {
	data = mkdtempSync(join(tmpdir(), "motehub-"));
});
afterEach(async () => {
	await Promise.all(commands.splice(0).map((command) => command.dispose()));
	rmSync(data, { recursive: true, force: true });
});

async function started(...args: readonly string[]): Promise<HubProcess> {
	const hub = await startHubProcess(data, ...args);
	commands.push(hub.command);
	return hub;
}

function run(...args: readonly string[]): Command {
	const command = hubCommand(...args);
	commands.push(command);
	return command;
}

function storedPassword(): string {
	return readFileSync(join(data, "password"), "utf8").trimEnd();
}

describe("the command line", () => {
	test("--help lists the options and --version prints the version", async () => {
		const help = run("--help");
		const version = run("--version");
		expect(await help.exitCode()).toBe(0);
		for (const option of [
			"--port",
			"--http-port",
			"--host",
			"--allow-anonymous",
			"--log-level",
			"--data",
			"--memory",
		]) {
			expect(help.stdout).toContain(option);
		}
		expect(await version.exitCode()).toBe(0);
		expect(version.stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
	});

	test.each(WRONG)("%s is one clear line and exit code 2", async (_, args) => {
		const wrong = run(...args);
		expect(await wrong.exitCode()).toBe(2);
		expect(wrong.stdout).toBe("");
		expect(wrong.stderr).toMatch(/^error: [^\n]+\n$/);
	});

	test.each([
		[["0.0.0.0", "1884"], "0.0.0.0"],
		[["cert", "--name", "hub.example", "other.example"], "other.example"],
		[["passwd", "file", "anna", "bob"], "bob"],
	])("%j names the argument that belongs nowhere", async (args, stray) => {
		const wrong = run(...args);
		expect(await wrong.exitCode()).toBe(2);
		expect(wrong.stderr).toBe(
			`error: unexpected argument '${stray}': a value follows its option, and with npm the options follow --; --help lists the options\n`,
		);
	});

	test("a port in use is one clear line and exit code 1", async () => {
		const other = createServer();
		const port = await new Promise<number>((resolve) => {
			other.listen(0, "127.0.0.1", () => resolve((other.address() as { port: number }).port));
		});
		const tcp = run("--data", data, "--port", String(port), "--http-port", "0");
		expect(await tcp.exitCode()).toBe(1);
		expect(tcp.stderr).toMatch(
			new RegExp(`^error: port ${port} on 127\\.0\\.0\\.1 is already in use: [^\\n]*--port\\)\\n$`),
		);
		const http = run("--data", data, "--port", "0", "--http-port", String(port));
		expect(await http.exitCode()).toBe(1);
		expect(http.stderr).toMatch(/^error: [^\n]*--http-port\)\n$/);
		other.close();
	});

	test("a host that is not ours is one clear line and exit code 1", async () => {
		const elsewhere = run("--data", data, "--port", "0", "--http-port", "0", "--host", "192.0.2.1");
		expect(await elsewhere.exitCode()).toBe(1);
		expect(elsewhere.stderr).toMatch(/^error: [^\n]*--host\)\n$/);
	});

	test("a data folder that cannot be made is one clear line and exit code 1", async () => {
		writeFileSync(join(data, "file"), "");
		const blocked = run("--data", join(data, "file", "folder"), "--port", "0", "--http-port", "0");
		expect(await blocked.exitCode()).toBe(1);
		expect(blocked.stdout).toBe("");
		expect(blocked.stderr).toMatch(/^error: cannot make the data folder [^\n]*--data\n$/);
	});

	test("an IPv6 address works, with and without brackets", async () => {
		for (const host of ["::1", "[::1]"]) {
			const hub = await started("--memory", "--host", host);
			expect(hub.host).toBe("[::1]");
			const peer = await RawPeer.open(hub.port, { host: "::1" });
			peer.destroy();
		}
	});
});

describe("the password", () => {
	test("is shown on a terminal when it is made, and never again", () => {
		const kept = { password: "very secret", file: "/data/password", wasExposed: false };
		expect(describeCredentials("homeassistant", { ...kept, created: true }, true)).toMatch(
			/very secret\n.*\/data\/password\n$/,
		);
		for (const [created, onTerminal] of [
			[false, true],
			[true, false],
			[false, false],
		] as const) {
			const text = describeCredentials("homeassistant", { ...kept, created }, onTerminal);
			expect(text).toContain("/data/password");
			expect(text).not.toContain("very secret");
		}
	});

	test("is made at the first start, kept with mode 0600 and used again", async () => {
		const first = await started();
		const password = storedPassword();
		expect(password).toMatch(/^[\w-]{24}$/);
		expect(statSync(join(data, "password")).mode & 0o777).toBe(0o600);
		first.command.signal("SIGTERM");
		await first.command.exitCode();

		const second = await started();
		expect(storedPassword()).toBe(password);
		const url = `mqtt://127.0.0.1:${second.port}`;
		const client = await connectAsync(url, { username: "homeassistant", password, reconnectPeriod: 0 });
		await client.endAsync();
		const anonymous = connectAsync(url, { reconnectPeriod: 0 });
		await expect(anonymous).rejects.toMatchObject({ code: 5 });
		// What the output is piped into may be a log that others read.
		expect(first.command.stdout + first.command.stderr + second.command.stdout + second.command.stderr).not.toContain(
			password,
		);
		expect(second.command.stdout).toContain(join(data, "password"));
	});

	test("a file that others can read is closed to them, with a warning", async () => {
		writeFileSync(join(data, "password"), "mine\n", { mode: 0o644 });
		chmodSync(join(data, "password"), 0o644);
		const hub = await started();
		expect(statSync(join(data, "password")).mode & 0o777).toBe(0o600);
		expect(hub.command.stderr).toMatch(/"level":"warn".*password file/);
	});

	test.each(["", "\n", "two\nlines\n", "a\0b"])("a damaged file (%j) keeps the hub from starting", async (text) => {
		writeFileSync(join(data, "password"), text, { mode: 0o600 });
		const hub = run("--data", data, "--port", "0", "--http-port", "0");
		expect(await hub.exitCode()).toBe(1);
		expect(hub.stderr).toMatch(/^error: the password file [^\n]+\n$/);
		expect(readFileSync(join(data, "password"), "utf8")).toBe(text);
	});

	test("--allow-anonymous lets clients in that give no user name, and nobody with a wrong password", async () => {
		const hub = await started("--allow-anonymous");
		const url = `mqtt://127.0.0.1:${hub.port}`;
		await (await connectAsync(url, { reconnectPeriod: 0 })).endAsync();
		const wrong = connectAsync(url, { reconnectPeriod: 0, username: "homeassistant", password: "wrong" });
		await expect(wrong).rejects.toMatchObject({ code: 4 });
	});
});

test("SIGTERM ends the hub with exit code 0 although a peer does not, and tells clients of MQTT 5", async () => {
	const hub = await started("--allow-anonymous");
	const told = await RawPeer.open(hub.port);
	told.send(connectFrame(5));
	const connack = (await told.bytes(5)).length;
	const deaf = await RawPeer.open(hub.port, { isDeaf: true });
	hub.command.signal("SIGTERM");
	expect((await told.closed()).subarray(connack)).toMatchObject({ 0: 0xe0, 2: 0x8b });
	expect(await hub.command.exitCode()).toBe(0);
	deaf.destroy();
});

test("SIGINT ends the hub with exit code 0", async () => {
	const hub = await started();
	hub.command.signal("SIGINT");
	expect(await hub.command.exitCode()).toBe(0);
});

test("each connection's events are lines that a client id cannot forge", async () => {
	const hub = await started("--allow-anonymous");
	const peer = await RawPeer.open(hub.port);
	peer.send(connectFrame(4, { clientId: "evil\u2028 info client=admin\u202e" }));
	await peer.bytes(4);
	peer.destroy();
	hub.command.signal("SIGTERM");
	await hub.command.exitCode();
	const lines = hub.command.stderr.trimEnd().split("\n");
	expect(lines).toHaveLength(2);
	const [connected, disconnected] = lines.map((line) => JSON.parse(line) as { readonly address: string });
	const client = "evil\\u{2028} info client=admin\\u{202e}";
	expect(connected).toMatchObject({ level: "info", msg: "client connected", client, version: "3.1.1" });
	expect(connected?.address).toMatch(/^127\.0\.0\.1:\d+$/);
	expect(disconnected).toMatchObject({ level: "info", msg: "client disconnected", client });
});
