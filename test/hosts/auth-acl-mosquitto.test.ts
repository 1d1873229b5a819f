import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { type AddressInfo, createServer } from "node:net";
import { tmpdir, userInfo } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "@jest/globals";
import fc from "fast-check";
import { connectAsync, type MqttClient } from "mqtt";
import { AclTable, type Identity, parseMosquittoAcl } from "../../src/access/index.ts";

/*
 * Our rights against those of the real Mosquitto: the same file, the same clients, every topic published and read.
 * `pattern deny` is left out: Mosquitto 2.0 lets a `topic` line win over it, against its manual (see AclTable).
 */

const CLIENTS: readonly Identity[] = [
	{ clientId: "c1", username: "a" },
	{ clientId: "x/y", username: "b" },
	{ clientId: "c2", username: undefined },
	{ clientId: "a", username: "c1" },
	{ clientId: "p+q", username: "a" },
	{ clientId: "$SYS", username: "#" },
];

const LEVELS = ["a", "b", "c1", "x"];
const level = fc.constantFrom(...LEVELS);
const names = LEVELS.flatMap((one) => [one, ...LEVELS.flatMap((two) => [`${one}/${two}`, `${one}/${two}/y`])]);
const TOPICS = [...names, "/a", "a/", "a//b", "$own/a", "$own"];

const access = fc.constantFrom("read ", "write ", "readwrite ", "");
const filterOf = (...extra: readonly string[]) =>
	fc
		.tuple(fc.array(fc.oneof(level, fc.constantFrom("+", "", ...extra)), { minLength: 1, maxLength: 3 }), fc.boolean())
		.map(([levels, rest]) => (rest ? [...levels, "#"] : levels).join("/"))
		.filter((filter) => filter !== "");
const rule = fc.oneof(
	fc
		.tuple(fc.oneof(access, fc.constant("deny ")), fc.oneof(filterOf(), fc.constantFrom("#", "$own/#")))
		.map(([right, filter]) => `topic ${right}${filter}`),
	fc.tuple(access, filterOf("%c", "%u")).map(([right, filter]) => `pattern ${right}${filter}`),
);
const section = fc.array(rule, { maxLength: 4 }).map((rules) => rules.join("\n"));
const aclFile = fc
	.tuple(section, section, section, section, section)
	.map(([nobody, a, b, c1, hash]) => `${nobody}\nuser a\n${a}\nuser b\n${b}\nuser c1\n${c1}\nuser #\n${hash}\n`)
	.map((text) => `${text}user root\ntopic readwrite #\ntopic readwrite $own/#\n`);

const folder = mkdtempSync(join(tmpdir(), "motehub-acl-"));
afterAll(() => rmSync(folder, { recursive: true }));

const withMosquitto = spawnSync("mosquitto", ["-h"]).error === undefined ? test : test.skip;

withMosquitto(
	"every right is the one that Mosquitto gives",
	async () => {
		for (const file of fc.sample(aclFile, { numRuns: 8, seed: 20_261_122 })) {
			const expected = await rightsInMosquitto(file);
			const { rules, faults } = parseMosquittoAcl(file);
			expect(faults).toEqual([]);
			const table = new AclTable(rules);
			const actual = CLIENTS.map((client) => {
				const rights = table.rightsOf(client);
				return {
					read: TOPICS.filter((topic) => rights.canRead(topic)),
					write: TOPICS.filter((topic) => rights.canPublish(topic)),
				};
			});
			expect({ file, rights: actual }).toEqual({ file, rights: expected });
		}
	},
	60_000,
);

interface AllowedTopics {
	readonly read: readonly string[];
	readonly write: readonly string[];
}

/** What each of CLIENTS gets of what `root` publishes, and what `root` gets of what they publish. */
async function rightsInMosquitto(file: string): Promise<readonly AllowedTopics[]> {
	const { broker, port } = await startMosquitto(file);
	const open: MqttClient[] = [];
	try {
		const connect = async ({ clientId, username }: Identity) => {
			const name = username === undefined ? {} : { username, password: "x" };
			const client = await connectAsync(`mqtt://127.0.0.1:${port}`, { clientId, protocolVersion: 4, ...name });
			open.push(client);
			return client;
		};
		const root = await connect({ clientId: "root", username: "root" });
		const clients = await Promise.all(CLIENTS.map(connect));
		const reads = clients.map(() => new Set<string>());
		for (const [index, client] of clients.entries()) await listen(client, (topic) => reads[index]?.add(topic));
		for (const topic of TOPICS) await root.publishAsync(topic, "root", { qos: 1 });
		// What was routed before the SUBSCRIBE came in is sent before the SUBACK.
		await Promise.all(clients.map((client) => client.subscribeAsync("barrier")));

		const writes = clients.map(() => new Set<string>());
		await listen(root, (topic, payload) => writes[Number(payload)]?.add(topic));
		for (const [index, client] of clients.entries()) {
			for (const topic of TOPICS) await client.publishAsync(topic, String(index), { qos: 1 });
		}
		await root.subscribeAsync("barrier");
		return reads.map((read, index) => ({
			read: TOPICS.filter((topic) => read.has(topic)),
			write: TOPICS.filter((topic) => writes[index]?.has(topic)),
		}));
	} finally {
		await Promise.all(open.map((client) => client.endAsync(true)));
		if (broker.kill()) await once(broker, "exit");
	}
}

async function listen(client: MqttClient, each: (topic: string, payload: string) => void): Promise<void> {
	client.on("message", (topic, payload) => each(topic, payload.toString()));
	await client.subscribeAsync(["#", "$own/#"], { qos: 1 });
}

async function startMosquitto(acl: string): Promise<{ broker: ChildProcess; port: number }> {
	const port = await freePort();
	const aclPath = join(folder, "acl");
	const config = join(folder, "mosquitto.conf");
	writeFileSync(aclPath, acl, { mode: 0o600 });
	const lines = [
		`listener ${port} 127.0.0.1`,
		"allow_anonymous true",
		`acl_file ${aclPath}`,
		"max_inflight_messages 0",
	];
	writeFileSync(config, [...lines, `user ${userInfo().username}`, ""].join("\n"));
	const broker = spawn("mosquitto", ["-c", config, "-v"], { stdio: ["ignore", "ignore", "pipe"] });
	await new Promise<void>((resolve, reject) => {
		let said = "";
		broker.stderr.on("data", (chunk) => {
			said += String(chunk);
			if (said.includes(" running")) resolve();
		});
		broker.once("exit", () => reject(new Error(`Mosquitto did not start: ${said}`)));
	});
	return { broker, port };
}

async function freePort(): Promise<number> {
	const server = createServer().listen(0, "127.0.0.1");
	await once(server, "listening");
	const { port } = server.address() as AddressInfo;
	server.close();
	await once(server, "close");
	return port;
}
