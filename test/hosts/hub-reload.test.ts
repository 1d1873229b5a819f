import { once } from "node:events";
import { readFileSync, renameSync } from "node:fs";
import { connect as connectTls } from "node:tls";
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { connectAsync, connect as connectNow, type IClientOptions, type IConnackPacket, type MqttClient } from "mqtt";
import { readSettings, startConfiguredHub } from "../../hosts/hub/index.ts";
import { Revocation } from "../../hosts/hub/revocation.ts";
import { MOSQUITTO_PASSWORDS } from "../vectors/passwords.ts";
import { TestAuthority } from "./support/certificates.ts";
import type { Command } from "./support/command.ts";
import { Condition } from "./support/condition.ts";
import { ConfigFolder } from "./support/config-folder.ts";
import { hubCommand } from "./support/hub-process.ts";
import { closing, dismissal } from "./support/mqtt-js.ts";
import { RawPeer } from "./support/raw-peer.ts";
import { startHub } from "./support/running-hub.ts";

const [anna = { hash: "", password: "" }] = MOSQUITTO_PASSWORDS;
const LISTENER = 'listeners: { lan: { bind: "127.0.0.1:0" } }\n';

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

interface Started {
	readonly command: Command;
	readonly url: string;
}

/** Starts the program with this configuration. */
async function start(yaml: string, ...options: readonly string[]): Promise<Started> {
	folder.write({ "motehub.yaml": yaml });
	const args = ["--config", folder.file("motehub.yaml"), "--data", folder.file("data"), "--memory"];
	const command = hubCommand(...args, ...options);
	commands.push(command);
	const [, url = ""] = await command.prints(/^motehub ready: (\S+)/m);
	return { command, url };
}

/** Gives the program another configuration, whole at once, and has it read. */
function reread({ command }: Started, yaml: string): void {
	replace(yaml);
	command.signal("SIGHUP");
}

function replace(yaml: string): void {
	folder.write({ "new.yaml": yaml });
	renameSync(folder.file("new.yaml"), folder.file("motehub.yaml"));
}

async function connect({ url }: Started, options: IClientOptions = {}): Promise<MqttClient> {
	const client = await connectAsync(url, { reconnectPeriod: 0, protocolVersion: 5, ...options });
	clients.push(client);
	return client;
}

const as = (username: string, password: string) => ({ username, password });
const BAD_CREDENTIALS = { code: 0x86 };
const NOT_AUTHORIZED = { code: 0x87 };
const TAKEN = /read the configuration again/;

describe("SIGHUP reads the configuration again", () => {
	test("users, anonymous clients and rights change at once; who would not get in any more is out", async () => {
		const hub = await start(`${LISTENER}auth: { allow_anonymous: true, users: { lamp: light, sensor: s } }\n`);
		const lamp = await connect(hub, as("lamp", "light"));
		const sensor = await connect(hub, as("sensor", "s"));
		const guest = await connect(hub);
		const ends = [dismissal(lamp), dismissal(guest)];

		reread(hub, `${LISTENER}auth: { users: { lamp: dark, sensor: s, door: d } }\nacl: { publish: { sensor: [a] } }\n`);
		expect(await Promise.all(ends)).toEqual([0x98, 0x98]);
		await expect(connect(hub, as("lamp", "light"))).rejects.toMatchObject(BAD_CREDENTIALS);
		await expect(connect(hub)).rejects.toMatchObject(NOT_AUTHORIZED);
		await connect(hub, as("lamp", "dark"));
		await connect(hub, as("door", "d"));
		await sensor.publishAsync("a", "1", { qos: 1 });
		await expect(sensor.publishAsync("b", "1", { qos: 1 })).rejects.toMatchObject(NOT_AUTHORIZED);
	});

	test.each([
		["a key that there is not", `${LISTENER}auth: { allow_anonymus: true }\n`, "auth.allow_anonymus: unknown key"],
		["no YAML", `${LISTENER}auth: [\n`, "is no YAML"],
		["nobody who could get in", `${LISTENER}auth: { users: {} }\n`, "nobody could connect"],
		["an empty file", "", undefined],
		["a password file that is damaged", `${LISTENER}auth: { password_file: broken }\n`, "broken:1: is not NAME:HASH"],
		[
			"an ACL file that is not there",
			`${LISTENER}auth: { allow_anonymous: true }\nacl: { file: absent }\n`,
			"does not exist",
		],
	])("%s is refused, and what was in force stays", async (_, yaml, fault) => {
		folder.write({ broken: "anna\n" });
		const hub = await start(`${LISTENER}auth: { users: { lamp: light } }\nacl: { publish: { lamp: [a] } }\n`);
		const lamp = await connect(hub, as("lamp", "light"));
		reread(hub, yaml);
		if (fault === undefined) await hub.command.reports(/not in force until the hub starts again: listeners, auth, acl/);
		else {
			await hub.command.reports(/the settings before stay in force/);
			expect(hub.command.stderr).toContain(fault);
		}
		await expect(connect(hub)).rejects.toMatchObject(NOT_AUTHORIZED);
		await expect(connect(hub, as("homeassistant", "x"))).rejects.toMatchObject(BAD_CREDENTIALS);
		await lamp.publishAsync("a", "1", { qos: 1 });
		await expect(lamp.publishAsync("b", "1", { qos: 1 })).rejects.toMatchObject(NOT_AUTHORIZED);
		await connect(hub, as("lamp", "light"));
	});

	test.each([
		["a signal while the hub starts does not end it, and is heeded", true],
		["what changes while the hub starts is heeded without a signal", false],
	])("%s", async (_, isSignalled) => {
		folder.write({ "motehub.yaml": `${LISTENER}auth: { generated_user: homeassistant }\n` });
		const command = hubCommand("--config", folder.file("motehub.yaml"), "--data", folder.file("data"));
		commands.push(command);
		await command.prints(/password/); // It is told before the store is read and anything listens.
		replace(`${LISTENER}auth: { users: { lamp: light } }\n`);
		if (isSignalled) command.signal("SIGHUP");
		const [, url = ""] = await command.prints(/^motehub ready: (\S+)/m);
		await command.reports(TAKEN);
		await connect({ command, url }, as("lamp", "light"));
	});

	test("what needs a restart is named in one line, and nothing of it is in force", async () => {
		const users = "auth: { users: { lamp: light } }\n";
		const hub = await start(`${LISTENER}${users}`);
		const limits = "limits: { receive_maximum: 5, connections: 2, messages_per_second: 9 }\n";
		const more = `store: { type: memory }\nhttp: { bind: "127.0.0.1:0" }\ndata: elsewhere\n`;
		reread(hub, `${LISTENER}${users}${limits}${more}`);
		const [line] = await hub.command.reports(/changed, but not in force until[^"]*/);
		expect(line).toBe("changed, but not in force until the hub starts again: http");
	});

	test("with other listeners, users and rights wait for the restart as well: nobody is let in by the old ones", async () => {
		const hub = await start(`${LISTENER}auth: { users: { lamp: light } }\n`);
		reread(
			hub,
			'listeners: { lan: { bind: "127.0.0.2:0" } }\nauth: { allow_anonymous: true, check_passwords: false }\n',
		);
		await hub.command.reports(/not in force until the hub starts again: listeners, auth, acl/);
		await expect(connect(hub)).rejects.toMatchObject(NOT_AUTHORIZED);
		await expect(connect(hub, as("lamp", "wrong"))).rejects.toMatchObject(BAD_CREDENTIALS);
		// Back to the listeners that are open: what stands in the file counts again.
		reread(hub, `${LISTENER}auth: { users: { door: d } }\n`);
		await hub.command.reports(/again.*\n(?:.*\n)*.*read the configuration again/);
		await connect(hub, as("door", "d"));
	});

	test("limits that can change do", async () => {
		const anonymous = `${LISTENER}auth: { allow_anonymous: true }\n`;
		const hub = await start(anonymous);
		const first = await connect(hub);
		expect(await first.subscribeAsync("a", { qos: 2 })).toMatchObject([{ qos: 2 }]);
		reread(hub, `${anonymous}limits: { max_qos: 1, connections: 1 }\n`);
		await hub.command.reports(TAKEN);
		expect(await first.subscribeAsync("b", { qos: 2 })).toMatchObject([{ qos: 1 }]);
		const second = await RawPeer.open(Number(new URL(hub.url).port));
		await second.closed();
	});

	test("what clients are told in CONNACK changes for those to come, and `$SYS` comes and goes", async () => {
		const anonymous = `${LISTENER}auth: { allow_anonymous: true }\n`;
		const hub = await start(`${anonymous}sys_interval: 0\n`);
		const first = await connect(hub);
		const told: string[] = [];
		const news = new Condition();
		first.on("message", (topic, payload) => {
			if (topic === "$SYS/broker/version") told.push(payload.toString());
			news.notify();
		});
		await first.subscribeAsync("$SYS/#");
		const limits = "limits: { receive_maximum: 5, max_packet: 1000, max_connect: 500, connections_per_address: 2 }\n";
		reread(hub, `${anonymous}${limits}sys_interval: 100\n`);
		await news.until(() => (told.length === 1 ? true : undefined));
		expect(told[0]).toContain("motehub version");
		const second = connectNow(hub.url, { reconnectPeriod: 0, protocolVersion: 5 });
		clients.push(second);
		const { properties } = await new Promise<IConnackPacket>((resolve) => second.once("connect", resolve));
		expect(properties).toMatchObject({ receiveMaximum: 5, maximumPacketSize: 1_000 });
		const third = await RawPeer.open(Number(new URL(hub.url).port));
		await third.closed();
		reread(hub, `${anonymous}sys_interval: 0\n`);
		await news.until(() => (told.length === 2 ? true : undefined));
		expect(told[1]).toBe("");
		await connect(hub);
	});

	test("the log's level and form change, unless the command line says the level", async () => {
		const users = `${LISTENER}auth: { users: { lamp: light } }\n`;
		const hub = await start(users);
		reread(hub, `${users}log: { level: debug, format: text }\n`);
		await hub.command.reports(/ info {2}read the configuration again$/m);
		const lamp = await connect(hub, as("lamp", "light"));
		await lamp.subscribeAsync("a");
		await hub.command.reports(/ debug subscribed client=/);
	});

	test("a password file that was not named before is read, and watched from then on", async () => {
		const hub = await start(`${LISTENER}auth: { users: { lamp: light } }\n`);
		folder.write({ passwd: `anna:${anna.hash}\n` });
		reread(hub, `${LISTENER}auth: { password_file: passwd }\n`);
		await hub.command.reports(TAKEN);
		const client = await connect(hub, as("anna", anna.password));
		await expect(connect(hub, as("lamp", "light"))).rejects.toMatchObject(BAD_CREDENTIALS);
		const closed = closing(client);
		folder.write({ passwd: `bert:${anna.hash}\n` });
		await closed;
		await connect(hub, as("bert", anna.password));
	});
});

test("who came before anybody could see it is looked at again as well", async () => {
	const { hub, port } = await startHub();
	const client = await connectAsync(`mqtt://127.0.0.1:${port}`, { protocolVersion: 5, reconnectPeriod: 0 });
	clients.push(client);
	let isAdmitted = true;
	const revocation = new Revocation(hub, () => isAdmitted);
	revocation.review();
	await client.publishAsync("a", "1", { qos: 1 });
	const end = dismissal(client);
	isAdmitted = false;
	revocation.review();
	expect(await end).toBe(0x98);
	await hub.close();
});

test("who is removed while they get in is out, also when every listener was taken from the hub's events", async () => {
	const settingsWith = (users: object) =>
		readSettings({
			listeners: { lan: { bind: "127.0.0.1:0" } },
			auth: { users },
			store: { type: "memory" },
			data: folder.file("data"),
		}).settings;
	let release: () => void = () => undefined;
	const held = new Promise<void>((resolve) => (release = resolve));
	let reached: () => void = () => undefined;
	const verdict = new Promise<void>((resolve) => (reached = resolve));
	const running = await startConfiguredHub(settingsWith({ lamp: "light" }), {
		authenticate: (bySettings) => async (request) => {
			const answer = await bySettings(request);
			reached();
			await held;
			return answer;
		},
	});
	running.hub.events.removeAllListeners();
	const { port = 0 } = running.hub.addresses[0] ?? {};
	const client = connectNow({ port, ...as("lamp", "light"), protocolVersion: 5, reconnectPeriod: 0 });
	clients.push(client);
	const end = dismissal(client);
	await verdict;
	running.apply(settingsWith({ door: "d" }));
	release();
	expect(await end).toBe(0x98);
	await running.close();
});

test("reload takes a new certificate at once", async () => {
	const authority = await TestAuthority.make();
	const file = await authority.issueFile("server.pem", "CN=before");
	const { settings } = readSettings({
		listeners: { secure: { type: "tls", bind: "127.0.0.1:0", certificate: file } },
		auth: { allow_anonymous: true },
		store: { type: "memory" },
		data: folder.file("data"),
	});
	const running = await startConfiguredHub(settings);
	const subject = async () => {
		const ca = readFileSync(authority.ca);
		const socket = connectTls({ port: running.hub.addresses[0]?.port ?? 0, host: "localhost", ca });
		await once(socket, "secureConnect");
		const { CN } = socket.getPeerCertificate().subject;
		socket.destroy();
		return CN;
	};
	expect(await subject()).toBe("before");
	await authority.issueFile("server.pem", "CN=after");
	running.reload();
	expect(await subject()).toBe("after");
	await running.close();
	authority.remove();
});

test("the configuration, what it includes and its secrets are read again when they change", async () => {
	folder.write({ "auth.yaml": "users: { lamp: !secret lamp }\n", "secrets.yaml": "lamp: light\n" });
	const hub = await start(`${LISTENER}auth: !include auth.yaml\n`);
	const lamp = await connect(hub, as("lamp", "light"));
	const closed = closing(lamp);
	folder.write({ "secrets.yaml": "lamp: dark\n" });
	await closed;
	await connect(hub, as("lamp", "dark"));
	folder.write({ "auth.yaml": "users: { lamp: !secret lamp, door: d }\n" });
	await hub.command.reports(/again.*\n(?:.*\n)*.*read the configuration again/);
	await connect(hub, as("door", "d"));
	expect(hub.command.stdout + hub.command.stderr).not.toMatch(/light|dark/);
});

test.each([
	["a password file", "auth: { password_file: passwd }\n", { passwd: "damaged\n" }, { passwd: `anna:${anna.hash}\n` }],
	["a password file that is not there", "auth: { password_file: passwd }\n", {}, { passwd: `anna:${anna.hash}\n` }],
	[
		"an ACL file",
		`auth: { users: { anna: { hash: "${anna.hash}" } } }\nacl: { file: acl }\n`,
		{ acl: "topik a\n" },
		{ acl: "topic read #\n" },
	],
	[
		"an included file",
		"auth: !include sub/auth.yaml\n",
		{},
		{ "sub/auth.yaml": `users: { anna: { hash: "${anna.hash}" } }\n` },
	],
	["its secrets", "auth: { users: { anna: !secret anna } }\n", {}, { "secrets.yaml": `anna: ${anna.password}\n` }],
])("a configuration that is refused because of %s is taken once that is mended", async (_, yaml, broken, mended) => {
	folder.write({ "sub/other": "", ...broken });
	const hub = await start(`${LISTENER}auth: { users: { lamp: light } }\n`);
	replace(`${LISTENER}${yaml}`);
	await hub.command.reports(/the settings before stay in force/);
	await connect(hub, as("lamp", "light"));
	folder.write(mended);
	await hub.command.reports(TAKEN);
	await connect(hub, as("anna", anna.password));
});

test("a client of a broker elsewhere keeps its connection, and says what needs a restart", async () => {
	const remote = await start(`${LISTENER}auth: { allow_anonymous: true }\n`);
	const block = (port: string) => `mqtt: { broker: 127.0.0.1, port: ${port}, protocol: 5 }\n`;
	folder.write({ "client.yaml": block(new URL(remote.url).port) });
	const command = hubCommand("--config", folder.file("client.yaml"), "--data", folder.file("data2"));
	commands.push(command);
	await command.prints(/^motehub ready: client of/m);
	await command.reports(/connected to a broker/);
	folder.write({ "client.yaml": block("1") });
	command.signal("SIGHUP");
	await command.reports(/not in force until the hub starts again: mqtt"/);
	command.signal("SIGTERM");
	expect(await command.exitCode()).toBe(0);
});
