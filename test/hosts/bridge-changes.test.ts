import { afterEach, expect, test } from "@jest/globals";
import { connectAsync, type MqttClient } from "mqtt";
import { type ConfiguredHub, readSettings, startConfiguredHub } from "../../hosts/hub/index.ts";
import { Condition } from "./support/condition.ts";
import { Inbox } from "./support/mqtt-js.ts";
import { startHub } from "./support/running-hub.ts";
import { TemporaryFolders } from "./support/temporary-folder.ts";

const folders = new TemporaryFolders();
const open: (() => Promise<unknown>)[] = [];
const lines: string[] = [];
const logged = new Condition();

afterEach(async () => {
	for (const close of open.splice(0).toReversed()) await close();
	lines.length = 0;
	folders.remove();
});

const LOG = {
	write: (_: string, message: string, fields: Readonly<Record<string, string | number | boolean>> = {}) => {
		lines.push(`${message} ${fields.bridge ?? fields.session ?? ""}`.trim());
		logged.notify();
	},
};

function heard(line: string): Promise<unknown> {
	return logged.until(() => lines.find((each) => each === line));
}

function settingsOf(data: string, bridges: object) {
	return readSettings({
		listeners: { lan: { bind: "127.0.0.1:0" } },
		auth: { allow_anonymous: true },
		store: { type: "memory" },
		data,
		bridges,
	}).settings;
}

async function client(port: number): Promise<MqttClient> {
	const one = await connectAsync(`mqtt://127.0.0.1:${port}`, { protocolVersion: 5, reconnectPeriod: 0 });
	open.push(() => one.endAsync(true));
	return one;
}

function sessionsOf({ hub }: ConfiguredHub): readonly string[] {
	return [...hub.sessions()].map(({ clientId }) => clientId).filter((id) => id.startsWith("motehub-bridge-"));
}

test("bridges come, change and go with the configuration, and one that only changes loses nothing", async () => {
	const there = await startHub();
	open.push(() => there.hub.close());
	const data = folders.make();
	const running = await startConfiguredHub(settingsOf(data, {}), { log: LOG });
	open.push(() => running.close());
	const here = await client(running.hub.addresses[0]?.port ?? 0);
	const beyond = await client(there.port);
	const inbox = new Inbox(beyond);
	const topics: string[] = [];
	beyond.on("message", (topic) => topics.push(topic));
	await beyond.subscribeAsync("#", { qos: 2 });
	const rule = (prefix: string) => ({ broker: "127.0.0.1", port: there.port, topics: [`t/# out 2 "" ${prefix}/`] });

	running.apply(settingsOf(data, { cabin: rule("one") }));
	await heard("connected to a broker");
	expect(sessionsOf(running)).toEqual(["motehub-bridge-cabin"]);
	expect(await pathOf(here)).toMatch(/^\S+ \S+ \|\S+$/);
	await here.publishAsync("t/a", "first", { qos: 2 });
	await inbox.has(1);
	expect(topics).toEqual(["one/t/a"]);

	running.apply(settingsOf(data, { cabin: rule("two") }));
	await here.publishAsync("t/a", "second", { qos: 2 });
	await heard("a bridge was ended cabin");
	await here.publishAsync("t/a", "third", { qos: 2 });
	await inbox.has(3);
	expect(inbox.texts).toEqual(["first", "second", "third"]);
	expect(topics.at(-1)).toBe("two/t/a");

	running.apply(settingsOf(data, { cabin: rule("two"), house: { ...rule("three"), topics: ["u/# out 1"] } }));
	await logged.until(() => lines.filter((line) => line === "connected to a broker").length === 3 || undefined);
	expect(lines.filter((line) => line === "a bridge was ended cabin")).toHaveLength(1);
	await here.publishAsync("u/a", "fourth", { qos: 1 });
	await inbox.has(4);

	running.apply(settingsOf(data, {}));
	await heard("the session of a bridge that is configured no more was ended motehub-bridge-house");
	expect(sessionsOf(running)).toEqual([]);
	expect(await pathOf(here)).toBe("none");
});

/** What a message of the hub has as its path. */
async function pathOf(here: MqttClient): Promise<string> {
	await here.subscribeAsync("mine");
	const message = new Promise<string>((resolve) => {
		here.once("message", (_, __, packet) => {
			resolve(String(packet.properties?.userProperties?.["motehub-path"] ?? "none"));
		});
	});
	await here.publishAsync("mine", "");
	return message;
}

test("a hub ends while its bridges change", async () => {
	const data = folders.make();
	const running = await startConfiguredHub(settingsOf(data, {}), { log: LOG });
	const bridge = { broker: "127.0.0.1", port: 1, topics: ["#"] };
	running.apply(settingsOf(data, { a: bridge }));
	running.apply(settingsOf(data, { b: bridge }));
	await running.close();
	expect([...running.hub.sessions()].filter(({ info }) => info !== undefined)).toEqual([]);
});
