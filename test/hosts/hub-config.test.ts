import { readFileSync, writeFileSync } from "node:fs";
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { connectAsync, type IClientOptions, type MqttClient } from "mqtt";
import WebSocket from "ws";
import { ConfigError, createHub, readSettings, startConfiguredHub } from "../../hosts/hub/index.ts";
import { MOSQUITTO_PASSWORDS } from "../vectors/passwords.ts";
import { TestAuthority } from "./support/certificates.ts";
import type { Command } from "./support/command.ts";
import { ConfigFolder } from "./support/config-folder.ts";
import { hubCommand } from "./support/hub-process.ts";
import { receiveText } from "./support/mqtt-js.ts";
import { RawPeer } from "./support/raw-peer.ts";

const [anna = { hash: "", password: "" }] = MOSQUITTO_PASSWORDS;

let folder: ConfigFolder;
const commands: Command[] = [];
const clients: MqttClient[] = [];

beforeEach(() => {
	folder = new ConfigFolder();
});
afterEach(async () => {
	await Promise.all(clients.splice(0).map((client) => client.endAsync(true)));
	await Promise.all(commands.splice(0).map((command) => command.dispose()));
	folder.remove();
});

function run(...args: readonly string[]): Command {
	const command = hubCommand(...args);
	commands.push(command);
	return command;
}

interface Started {
	readonly command: Command;
	/** In the order of the listeners. */
	readonly urls: readonly string[];
}

/** Starts the program with this configuration, and its data in the folder. */
async function start(yaml: string, files: Readonly<Record<string, string>> = {}): Promise<Started> {
	folder.write({ ...files, "motehub.yaml": yaml });
	const command = run("--config", folder.file("motehub.yaml"), "--data", folder.file("data"), "--memory");
	const [, urls = ""] = await command.prints(/^motehub ready: (.+)$/m);
	return { command, urls: urls.split(" ") };
}

async function connect(url: string | undefined, options: IClientOptions = {}): Promise<MqttClient> {
	const client = await connectAsync(url ?? "", { reconnectPeriod: 0, ...options });
	clients.push(client);
	return client;
}

const asAnna = { username: "anna", password: anna.password };

describe("a configuration of our own", () => {
	test("users, password file and ACL are in force, and read again on SIGHUP; a broken file is refused", async () => {
		const { command, urls } = await start(
			`listeners:
  lan: { bind: "127.0.0.1:0" }
auth:
  users: { lamp: light }
  password_file: passwd
acl: { file: acl }
`,
			{
				passwd: `anna:${anna.hash}\ncarl:${anna.hash}\n`,
				acl: "user anna\ntopic readwrite home/#\nuser lamp\ntopic write home/lamp\n",
			},
		);
		const client = await connect(urls[0], { ...asAnna, protocolVersion: 5 });
		await client.subscribeAsync("home/#", { qos: 1 });
		const lamp = await connect(urls[0], { username: "lamp", password: "light" });
		const first = receiveText(client);
		await lamp.publishAsync("home/other", "unseen", { qos: 1 });
		await lamp.publishAsync("home/lamp", "on", { qos: 1 });
		expect(await first).toBe("home/lamp=on");
		await expect(connect(urls[0])).rejects.toMatchObject({ code: 5 });
		await expect(connect(urls[0], { username: "lamp", password: "dark" })).rejects.toMatchObject({ code: 4 });

		folder.write({
			acl: "user lamp\ntopic write home/other\ntopic rad x\n",
			passwd: `anna:${anna.hash}\nbert:${anna.hash}\n`,
		});
		command.signal("SIGHUP");
		await command.reports(/what was read before stays in force/);
		await connect(urls[0], { ...asAnna, username: "bert" });
		await expect(connect(urls[0], { ...asAnna, username: "carl" })).rejects.toMatchObject({ code: 4 });
		const fault = `${folder.file("acl")}:3: "rad" is not read, write, readwrite or deny`;
		expect(logOf(command)).toContainEqual(expect.stringContaining(`error ${fault}`));
		const second = receiveText(client);
		await lamp.publishAsync("home/lamp", "off", { qos: 1 });
		expect(await second).toBe("home/lamp=off");
	});

	test("certificate: auto makes a certificate that clients trust by the CA file, over TLS and WebSocket", async () => {
		const { command, urls } = await start(
			`listeners:
  secure: { type: tls, bind: "127.0.0.1:0" }
  web: { type: wss, bind: "127.0.0.1:0", path: /mqtt, origins: [https://home.example] }
auth: { allow_anonymous: true }
`,
		);
		const ca = readFileSync(folder.file("data/tls/ca.pem"));
		expect(urls.map((url) => url.replace(/\d+$/, "PORT"))).toEqual(["mqtts://127.0.0.1:PORT", "wss://127.0.0.1:PORT"]);
		for (const url of [urls[0], `${urls[1]}/mqtt`]) {
			const client = await connect(url, { ca });
			await client.publishAsync("a", "b", { qos: 1 });
		}
		const page = new WebSocket(`${urls[1]}/mqtt`, ["mqtt"], { ca, origin: "https://evil.example" });
		const refusal = await new Promise<Error>((resolve) => page.once("error", resolve));
		expect(refusal.message).toContain("403");
		expect(logOf(command)).toContain("warn made a CA certificate: devices need its file");
	});

	test("use_identity_as_username: the certificate's name is the user's, also for the ACL", async () => {
		const authority = await TestAuthority.make();
		const server = await authority.issueFile("server.pem", "CN=hub");
		const { urls } = await start(
			`listeners:
  secure:
    type: tls
    bind: "127.0.0.1:0"
    certificate: ${server}
    ca: ${authority.ca}
    require_certificate: true
    use_identity_as_username: true
    tls_version: 1.3
acl: { file: acl }
`,
			{ acl: "pattern readwrite rooms/%u/#\n" },
		);
		const { certificate: cert, key } = await authority.issue("CN=kitchen", { usage: "client" });
		const client = await connect(urls[0], {
			ca: readFileSync(authority.ca),
			cert,
			key,
			username: "hall",
			password: "x",
		});
		await client.subscribeAsync("rooms/#", { qos: 1 });
		const text = receiveText(client);
		await client.publishAsync("rooms/hall/lamp", "not mine", { qos: 1 });
		await client.publishAsync("rooms/kitchen/lamp", "mine", { qos: 1 });
		expect(await text).toBe("rooms/kitchen/lamp=mine");
		authority.remove();
	});

	test("limits: connections per address, the highest QoS, and a longest packet", async () => {
		const { urls } = await start(
			`listeners: { lan: { bind: "127.0.0.1:0", max_packet: 1 KiB } }
auth: { allow_anonymous: true }
limits: { connections_per_address: 1, max_qos: 1 }
`,
		);
		const client = await connect(urls[0], { protocolVersion: 5 });
		const second = await RawPeer.open(Number(new URL(urls[0] ?? "").port));
		expect(await second.closed()).toHaveLength(0);
		const [granted] = await client.subscribeAsync("a", { qos: 2 });
		expect(granted?.qos).toBe(1);
	});

	test("bridges: what is published here arrives there, and the other way round", async () => {
		const remote = await createHub({ allowAnonymous: true, listeners: { there: { type: "tcp", port: 0 } } });
		const [there] = remote.addresses;
		const { urls, command } = await start(
			`listeners: { lan: { bind: "127.0.0.1:0" } }
auth: { allow_anonymous: true }
bridges:
  cabin: { broker: 127.0.0.1, port: ${there?.port}, protocol: 5, topics: "# both 1 cabin/ home/" }
`,
		);
		await command.reports(/connected to a broker/);
		const here = await connect(urls[0]);
		const cabin = await connect(there?.url, { protocolVersion: 5 });
		await cabin.subscribeAsync("home/a", { qos: 1 });
		const outwards = receiveText(cabin);
		await here.publishAsync("cabin/a", "kept", { qos: 1, retain: true });
		expect(await outwards).toBe("home/a=kept");
		command.signal("SIGTERM");
		expect(await command.exitCode()).toBe(0);
		await cabin.endAsync();
		await remote.close();
	});

	test("a library's user gives the same keys as values", async () => {
		const { settings, notices } = readSettings(
			{
				listeners: { lan: { bind: "127.0.0.1:0" } },
				auth: { users: { lamp: "light" } },
				store: { type: "memory" },
				data: "data",
			},
			folder.path,
		);
		expect(notices).toEqual([]);
		const running = await startConfiguredHub(settings);
		const lamp = await connect(running.hub.addresses[0]?.url, { username: "lamp", password: "light" });
		await lamp.endAsync();
		await running.close();
		expect(() => readSettings({ listener: {} })).toThrow(ConfigError);
	});

	test("a port in use names the listener and the file", async () => {
		const { urls } = await start('listeners: { lan: { bind: "127.0.0.1:0" } }\nauth: { allow_anonymous: true }\n');
		const taken = new URL(urls[0] ?? "").port;
		const config = folder.file("second.yaml");
		writeFileSync(config, `listeners: { lan: { bind: "127.0.0.1:${taken}" } }\nauth: { allow_anonymous: true }\n`);
		const second = run("--config", config, "--data", folder.file("data2"), "--memory");
		expect(await second.exitCode()).toBe(1);
		expect(second.stderr).toBe(
			`error: port ${taken} on 127.0.0.1 is already in use: stop the program that uses it, or choose another port (listener lan in ${config})\n`,
		);
	});

	test("a certificate that cannot be read is one clear line and exit code 1", async () => {
		folder.write({
			"motehub.yaml":
				'listeners: { s: { type: tls, bind: "127.0.0.1:0", certificate: cert } }\nauth: { allow_anonymous: true }\n',
			cert: "nonsense",
		});
		const hub = run("--config", folder.file("motehub.yaml"), "--data", folder.file("data"), "--memory");
		expect(await hub.exitCode()).toBe(1);
		expect(lastError(hub)).toMatch(/^error: .*\/cert has no certificate: it must be in PEM .*\(listener s in .*\)$/);
	});
});

describe("other people's configurations", () => {
	test("Home Assistant's embedded broker as HBMQTT describes it, with secrets and an included file", async () => {
		const { urls, command } = await start("mqtt: !include mqtt.yaml\n", {
			"mqtt.yaml": `username: homeassistant
password: !secret broker
embedded:
  listeners:
    default: { type: tcp, bind: "127.0.0.1:0", max-connections: 50 }
    ws-1: { type: ws, bind: "localhost:0" }
  auth:
    allow-anonymous: false
    password-file: passwd
  topic-check:
    enabled: true
    plugins: [topic_acl]
    acl: { anna: [home/#], homeassistant: ["#"] }
`,
			"secrets.yaml": "broker: very secret\n",
			passwd: `anna:${anna.hash}\n`,
		});
		expect(urls).toHaveLength(2);
		const home = await connect(urls[0], { username: "homeassistant", password: "very secret" });
		await home.subscribeAsync("#", { qos: 1 });
		const client = await connect(urls[1], asAnna);
		const [refused] = await client.subscribeAsync("other/#").catch(() => [undefined]);
		expect(refused?.qos ?? 128).toBe(128);
		const text = receiveText(home);
		await client.publishAsync("home/a", "b", { qos: 1 });
		expect(await text).toBe("home/a=b");
		expect(command.stdout + command.stderr).not.toContain("very secret");
	});

	test("mqtt: alone is Home Assistant's embedded default", async () => {
		folder.write({ "configuration.yaml": "homeassistant: { name: Home }\nmqtt:\nhttp: { api_password: hidden }\n" });
		const shown = run("--config", folder.file("configuration.yaml"), "--print-config");
		expect(await shown.exitCode()).toBe(0);
		expect(shown.stdout).toContain("bind: 0.0.0.0:1883");
		expect(shown.stdout).toContain("bind: 0.0.0.0:8080");
		expect(shown.stdout).toMatch(/homeassistant: "?\*{8}/);
		expect(shown.stdout).not.toContain("hidden");
	});
});

describe("what is wrong is said with file, line and column, and nothing is started", () => {
	const WRONG = "listeners:\n  lan: { bind: 1883 }\nauth: { allow_anonymus: true }\nlog: { level: loud }\n";

	test.each([
		["--config", ["--config"]],
		["check", ["check"]],
	] as const)("%s", async (_, args) => {
		folder.write({ "motehub.yaml": WRONG });
		const file = folder.file("motehub.yaml");
		const command = run(...args, file);
		expect(await command.exitCode()).toBe(1);
		const lines = (command.stdout + command.stderr).trimEnd().split("\n");
		expect(lines).toHaveLength(3);
		expect(lines[0]).toMatch(`error: ${file}:2:16: listeners.lan.bind: 1883 is not allowed; it takes ADDRESS:PORT`);
		expect(lines[1]).toMatch(`error: ${file}:3:9: auth.allow_anonymus: unknown key; did you mean allow_anonymous?`);
		expect(lines[2]).toMatch(`error: ${file}:4:15: log.level: "loud" is not allowed; it takes one of debug, info`);
	});

	test("check: a file that can be used, and one whose certificate cannot", async () => {
		const authority = await TestAuthority.make();
		const good = await authority.issueFile("good.pem", "CN=hub");
		const yaml = (file: string) =>
			`listeners: { s: { type: tls, bind: "127.0.0.1:8883", certificate: ${file} } }\nauth: { allow_anonymous: true }\n`;
		folder.write({ "good.yaml": yaml(good), "bad.yaml": yaml(authority.ca) });
		const check = run("check", folder.file("good.yaml"));
		expect(await check.exitCode()).toBe(0);
		expect(check.stdout).toContain("can be used");
		const bad = run("check", folder.file("bad.yaml"));
		expect(await bad.exitCode()).toBe(1);
		expect(bad.stdout).toMatch(/^error: listener s: .*ca\.pem has no private key in PEM$/m);
		authority.remove();
	});

	test("ports and a configuration do not go together", async () => {
		const command = run("--config", "any.yaml", "--port", "1883");
		expect(await command.exitCode()).toBe(2);
		expect(command.stderr).toMatch(
			/^error: option '--port <port>' cannot be used with option '--config <file>'[^\n]*\n$/,
		);
	});

	test("--print-config shows what the command line comes to, and can be used as a configuration", async () => {
		const shown = run(
			"--print-config",
			"--port",
			"0",
			"--http-port",
			"0",
			"--log-level",
			"warn",
			"--data",
			folder.path,
		);
		expect(await shown.exitCode()).toBe(0);
		folder.write({ "shown.yaml": shown.stdout });
		const check = run("check", folder.file("shown.yaml"));
		expect(await check.exitCode()).toBe(0);
	});
});

/** What the program logged: level and message. Where its output is no terminal, each line is JSON. */
function logOf({ stderr }: Command): readonly string[] {
	const lines = stderr.split("\n").filter((line) => line.startsWith("{"));
	return lines
		.map((line) => JSON.parse(line) as { level: string; msg: string })
		.map(({ level, msg }) => `${level} ${msg}`);
}

function lastError({ stderr }: Command): string {
	return stderr.trimEnd().split("\n").at(-1) ?? "";
}
