import { once } from "node:events";
import { createServer, type Server } from "node:http";
import { type AddressInfo, createServer as createTcpServer, type Socket } from "node:net";
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { connectAsync, type IClientOptions, type MqttClient } from "mqtt";
import { stringify } from "yaml";
import { printSettings } from "../../hosts/hub/config/index.ts";
import {
	type ConfiguredHub,
	type Hub,
	type HubAdditions,
	loadSettings,
	readSettings,
	startConfiguredHub,
	UsageError,
} from "../../hosts/hub/index.ts";
import { MOSQUITTO_PASSWORDS } from "../vectors/passwords.ts";
import { freePort } from "./support/brokers.ts";
import { ConfigFolder } from "./support/config-folder.ts";
import { receiveText } from "./support/mqtt-js.ts";

const [anna = { hash: "", password: "" }] = MOSQUITTO_PASSWORDS;
const asAnna = { username: "anna", password: anna.password };

let folder: ConfigFolder;
let running: ConfiguredHub | undefined;
let server: Server;
const clients: MqttClient[] = [];

beforeEach(async () => {
	folder = new ConfigFolder();
	folder.write({
		passwords: `anna:${anna.hash}\n`,
		acl: "user anna\ntopic readwrite home/#\npattern readwrite own/%u\n",
	});
	server = createServer((_, response) => response.end("the program's page"));
	server.listen(0, "127.0.0.1");
	await once(server, "listening");
});
afterEach(async () => {
	await Promise.all(clients.splice(0).map((client) => client.endAsync(true)));
	await running?.close();
	running = undefined;
	server.close();
	server.closeAllConnections();
	folder.remove();
});

/** A hub on the program's own server, with users and rights from files, as the keys of the file say it. */
async function start(additions: HubAdditions = {}, auth: object = {}, bridges: object = {}): Promise<Hub> {
	const { settings } = readSettings(
		{
			listeners: { web: { type: "ws", bind: "127.0.0.1:0" } },
			auth: { password_file: "passwords", ...auth },
			acl: { file: "acl" },
			bridges,
			store: { type: "memory" },
			data: "data",
		},
		folder.path,
	);
	running = await startConfiguredHub(settings, { listeners: { web: { type: "attached", server } }, ...additions });
	return running.hub;
}

async function connect(options: IClientOptions): Promise<MqttClient> {
	const { port } = server.address() as AddressInfo;
	const client = await connectAsync(`ws://127.0.0.1:${port}`, { protocolVersion: 5, reconnectPeriod: 0, ...options });
	clients.push(client);
	return client;
}

describe("a hub that a program starts by settings", () => {
	test("takes the program's server in the place of a listener: no port of its own, and the server goes on after it", async () => {
		const hub = await start();
		const { port } = server.address() as AddressInfo;
		expect(hub.addresses.map(({ listener, url }) => `${listener} ${url}`)).toEqual([`web ws://127.0.0.1:${port}`]);
		const client = await connect(asAnna);
		await client.subscribeAsync("home/#", { qos: 1 });
		const received = receiveText(client);
		await client.publishAsync("home/light", "on", { qos: 1 });
		expect(await received).toBe("home/light=on");
		await expect(client.publishAsync("elsewhere", "", { qos: 1 })).rejects.toThrow(/not authorized/i);
		await expect(connect({ ...asAnna, password: "wrong" })).rejects.toThrow(/bad user name or password/i);
		await expect(connect({})).rejects.toThrow(/not authorized/i);
		await running?.close();
		expect(await (await fetch(`http://127.0.0.1:${port}/`)).text()).toBe("the program's page");
	});

	test("lets anonymous clients in where the listener of that name does", async () => {
		await start({}, { allow_anonymous: true });
		await connect({});
		await running?.close();
		await start(
			{ listeners: { other: { type: "attached", server, allowAnonymous: true } } },
			{ allow_anonymous: true },
		);
		await expect(connect({})).rejects.toThrow(/not authorized/i);
	});

	test("asks the program's hooks, which ask the settings", async () => {
		const hub = await start({
			authenticate: (bySettings) => (request) => (request.username === "guest" ? { allow: true } : bySettings(request)),
			access: (bySettings) => ({
				...bySettings,
				authorizePublish: (client, topic, qos, retain) =>
					client.username === "guest" ||
					(topic !== "home/locked" && bySettings.authorizePublish(client, topic, qos, retain)),
			}),
		});
		const published: string[] = [];
		hub.events.on("published", ({ username, topic }) => published.push(`${username} ${topic}`));
		const guest = await connect({ username: "guest" });
		await guest.publishAsync("anything", "", { qos: 1 });
		const client = await connect(asAnna);
		await client.publishAsync("own/anna", "", { qos: 1 });
		await expect(client.publishAsync("home/locked", "", { qos: 1 })).rejects.toThrow(/not authorized/i);
		await expect(client.publishAsync("anything", "", { qos: 1 })).rejects.toThrow(/not authorized/i);
		await expect(connect({ username: "stranger", password: "x" })).rejects.toThrow(/bad user name or password/i);
		expect(published).toEqual(["guest anything", "anna own/anna"]);
	});

	test("is told the program's options that no file has", async () => {
		const texts: string[] = [];
		const lines: string[] = [];
		const hub = await start(
			{
				announce: (text) => texts.push(text),
				log: { write: (_, message) => lines.push(message) },
				serverKeepAlive: 30,
				authenticationMethods: ["OURS"],
				authenticate: (bySettings) => (request) =>
					request.method === "OURS" ? { allow: true, username: "anna" } : bySettings(request),
			},
			{ generated_user: "made" },
		);
		expect(texts.join("")).toContain("made");
		const connected = once(hub.events, "connected");
		await connect({ username: "made", password: running?.credentials?.password ?? "" });
		expect((await connected)[0]).toMatchObject({ username: "made", keepAlive: 30 });
		expect(lines).toContain("client connected");
		const again = once(hub.events, "connected");
		await connect({ properties: { authenticationMethod: "OURS" } });
		expect((await again)[0]).toMatchObject({ username: "anna" });
	});

	test("leaves nothing open when a bridge cannot be made", async () => {
		const port = await freePort();
		const bridge = { broker: "127.0.0.1", port: await freePort(), topics: ["a"] };
		const long = { ...bridge, will_message: { topic: "a", payload: "x".repeat(70_000) } };
		const startWith = async (bridges: object) =>
			startConfiguredHub(
				readSettings(
					{
						listeners: { lan: { bind: `127.0.0.1:${port}` } },
						auth: { allow_anonymous: true },
						store: { path: "store" },
						data: "data",
						bridges,
					},
					folder.path,
				).settings,
			);
		await expect(startWith({ first: bridge, second: long })).rejects.toBeInstanceOf(UsageError);
		running = await startWith({ first: bridge });
		expect(running.hub.addresses).toHaveLength(1);
	});

	test("ends before its clients lose patience although a bridge's broker takes nothing any more", async () => {
		// Accepts, and reads nothing more.
		const sockets: Socket[] = [];
		const stuck = createTcpServer((socket) => {
			sockets.push(socket);
			socket.on("error", () => undefined);
			socket.once("data", () => {
				socket.pause();
				socket.write(Buffer.from([0x20, 3, 0, 0, 0]));
			});
		}).listen(0, "127.0.0.1");
		await once(stuck, "listening");
		const { port } = stuck.address() as AddressInfo;
		let isOnline = () => undefined as unknown;
		const online = new Promise((resolve) => (isOnline = () => resolve(undefined)));
		const write = (_: string, message: string) => message === "connected to a broker" && isOnline();
		await start({ log: { write } }, {}, { b: { broker: "127.0.0.1", port, topics: ["#"] } });
		await online;
		for (let count = 0; count < 30; count++) {
			running?.hub.publish({ topic: "t", payload: new Uint8Array(1_000_000) });
			await new Promise(setImmediate);
		}
		await running?.close(); // The client alone would wait for longer than a test may take.
		running = undefined;
		stuck.close();
		for (const socket of sockets) socket.destroy();
	});

	test("is none where the settings are a client's", async () => {
		const { settings } = readSettings({ mqtt: { broker: "elsewhere.example" } }, folder.path);
		await expect(startConfiguredHub(settings)).rejects.toThrow(UsageError);
	});
});

test("a program's values come to the same settings as a file with these keys", () => {
	folder.write({ "server.pem": "", "server.key": "", "clients.pem": "" });
	const configuration = {
		listeners: {
			home: { type: "tcp", bind: "0.0.0.0:1883", allow_anonymous: false, max_connections: 500, max_packet: "1 MiB" },
			devices: {
				type: "tls",
				bind: "0.0.0.0:8883",
				certificate: "server.pem",
				key: "server.key",
				ca: "clients.pem",
				require_certificate: true,
				use_identity_as_username: true,
				tls_version: "1.3",
			},
			web: { type: "ws", bind: "[::]:8080", path: "/mqtt", origins: ["https://example.org"] },
		},
		auth: {
			allow_anonymous: false,
			password_file: "passwords",
			users: { sensor: "secret", lamp: { hash: anna.hash } },
			generated_user: "homeassistant",
			check_passwords: true,
		},
		acl: { file: "acl" },
		bridges: {
			cabin: {
				broker: "cabin.example.org",
				topics: ["sensors/# both 1 cabin/ home/", { filter: "cmd/+", direction: "in", qos: 0 }],
				clean_session: false,
				queue_messages: 1_000,
			},
		},
		store: { type: "lmdb", path: "store" },
		limits: {
			connections: 1_000,
			connections_per_address: 10,
			messages_per_second: 100,
			max_qos: 1,
			queue_bytes: "1 MB",
		},
		log: { level: "warn", format: "json" },
		http: { bind: "127.0.0.1:9090", metrics: true, health: false },
		sys_interval: 5,
		data: "data",
	};
	folder.write({ "motehub.yaml": stringify(configuration) });
	const fromFile = loadSettings(folder.file("motehub.yaml")).settings;
	const fromValues = readSettings(configuration, folder.path).settings;
	expect(printSettings(fromValues)).toBe(printSettings(fromFile));
	expect(fromValues.auth.users.map(({ name, secret }) => `${name} ${secret.reveal()}`)).toEqual(
		fromFile.auth.users.map(({ name, secret }) => `${name} ${secret.reveal()}`),
	);
	expect(fromValues.auth.users).toHaveLength(2);
	expect(fromValues.listeners.map(({ name }) => name)).toEqual(["home", "devices", "web"]);
});

// What does not compile here is a change of the library's types.
test("events and hooks have types", async () => {
	const hub = await start({
		authenticate: (bySettings) => async (request) => {
			const username: string | undefined = request.username;
			// @ts-expect-error there is no such verdict
			const _wrong: Awaited<ReturnType<typeof bySettings>> = { allowed: true };
			return username === undefined ? { allow: false, reasonCode: 0x87 } : bySettings(request);
		},
		// @ts-expect-error rights are answered at once
		access: (bySettings) => ({ ...bySettings, authorizeSubscribe: async () => true }),
	});
	hub.events.on("published", ({ clientId, payload, qos, properties }) => {
		const values: [string, Uint8Array, 0 | 1 | 2, number | undefined] = [
			clientId,
			payload,
			qos,
			properties?.messageExpiryInterval,
		];
		expect(values).toHaveLength(4);
	});
	hub.events.on("connected", ({ username }) => expect(username satisfies string | undefined).toBe("anna"));
	// @ts-expect-error there is no such event
	hub.events.on("publish", (message: { readonly topic: string }) => message.topic);
	// @ts-expect-error an event of this kind has no payload
	hub.events.on("subscribed", ({ payload: _ }) => undefined);
	const connected = once(hub.events, "connected");
	await connect(asAnna);
	await connected;
});
