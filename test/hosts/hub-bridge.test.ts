import { afterEach, describe, expect, test } from "@jest/globals";
import { connectAsync, type MqttClient } from "mqtt";
import { Bridge, BridgePath, endOrphans } from "../../hosts/hub/bridge/index.ts";
import { TopicMap } from "../../hosts/hub/bridge/topic-map.ts";
import { readSettings } from "../../hosts/hub/config/index.ts";
import { createHub, type Hub, type HubStore, MemoryStore } from "../../hosts/hub/index.ts";
import { openStore } from "../../hosts/hub/open-store.ts";
import { BROKERS, freePort, type RunningBroker } from "./support/brokers.ts";
import { Condition } from "./support/condition.ts";
import { Inbox } from "./support/mqtt-js.ts";
import { TemporaryFolders } from "./support/temporary-folder.ts";

const folders = new TemporaryFolders();
const open: (() => Promise<unknown>)[] = [];
const log: string[] = [];
const logged = new Condition();

afterEach(async () => {
	for (const close of open.splice(0).toReversed()) await close();
	log.length = 0;
	folders.remove();
});

const LOG = {
	write: (level: string, message: string) => {
		log.push(`${level} ${message}`);
		logged.notify();
	},
};

async function startLocal(store: HubStore = new MemoryStore()): Promise<{ readonly hub: Hub; readonly port: number }> {
	const hub = await createHub({ allowAnonymous: true, listeners: { local: { type: "tcp", port: 0 } }, store });
	open.push(() => hub.close());
	return { hub, port: hub.addresses[0]?.port ?? 0 };
}

/** As a slow disk: nothing is durable until `release`. */
class SlowStore implements HubStore {
	readonly name = "slow";
	release: () => void = () => undefined;
	readonly #released = new Promise<void>((resolve) => (this.release = resolve));

	load(): [] {
		return [];
	}

	commit(): Promise<void> {
		return this.#released;
	}

	watch(): void {}
	close(): void {}
}

/** Starts a bridge as the configuration describes it, and waits for both its ends. */
function bridge(hub: Hub, port: number, options: object): Bridge {
	const remote = { broker: "127.0.0.1", port, ...options };
	const { settings } = readSettings({ bridges: { test: remote } });
	const [one] = settings.bridges;
	if (one === undefined) throw new Error("there is no bridge in the settings");
	const running = new Bridge(one, { hub, hubId: "here", path: new BridgePath("here", true), log: LOG });
	open.push(() => running.end());
	return running;
}

/** Resolves once the bridge has been connected to its remote broker so many times. */
async function connected(count = 1): Promise<void> {
	await logged.until(() => log.filter((line) => line === "info connected to a broker").length >= count || undefined);
}

async function client(port: number): Promise<MqttClient> {
	const connecting = await connectAsync(`mqtt://127.0.0.1:${port}`, { protocolVersion: 5, reconnectPeriod: 0 });
	open.push(() => connecting.endAsync(true));
	return connecting;
}

/** Publishes marks on a topic until one has come through: subscriptions of the bridge stand. */
async function comesThrough(from: MqttClient, sent: string, to: MqttClient, received: string): Promise<void> {
	await to.subscribeAsync(received);
	let arrived = false;
	const through = new Promise<void>((resolve) => {
		to.on("message", (topic) => {
			if (topic !== received) return;
			arrived = true;
			resolve();
		});
	});
	while (!arrived) {
		await from.publishAsync(sent, "mark", { qos: 1 });
		await new Promise(setImmediate);
	}
	await through;
	await to.unsubscribeAsync(received);
}

/** Each message as `topic=text`. */
async function listen(to: MqttClient, filter: string): Promise<Inbox> {
	const inbox = new Inbox(to);
	await to.subscribeAsync(filter, { qos: 1 });
	return inbox;
}

describe.each(BROKERS)("a bridge to $name", ({ start }) => {
	const each = start === undefined ? test.skip : test;
	const protocols = ["3.1.1", "5"] as const;

	each.each(protocols)("carries `both` with prefixes and sends nothing back, over MQTT %s", async (protocol) => {
		const remote = await (start as () => Promise<RunningBroker>)();
		open.push(() => remote.close());
		const { hub, port } = await startLocal();
		bridge(hub, remote.port, { protocol, topics: ["rooms/# both 1 home/ house/"] });
		await connected();
		const here = await client(port);
		const there = await connectAsync(`mqtt://127.0.0.1:${remote.port}`, { reconnectPeriod: 0 });
		open.push(() => there.endAsync(true));
		await comesThrough(here, "home/rooms/mark", there, "house/rooms/mark");
		await comesThrough(there, "house/rooms/mark", here, "home/rooms/mark");
		const hereInbox = await listen(here, "home/rooms/lamp/#");
		const thereInbox = await listen(there, "house/rooms/lamp/#");
		await here.publishAsync("home/rooms/lamp", "from here", { qos: 1 });
		await thereInbox.has(1);
		await there.publishAsync("house/rooms/lamp", "from there", { qos: 1 });
		await hereInbox.has(2);
		await there.publishAsync("house/rooms/lamp/end", "end", { qos: 1 });
		await hereInbox.has(3);
		await thereInbox.has(3);
		expect(hereInbox.texts).toEqual(["from here", "from there", "end"]);
		expect(thereInbox.texts).toEqual(["from here", "from there", "end"]);
	});
});

describe("a bridge", () => {
	test("keeps messages of QoS 1 while the other broker is away, and brings retained ones up to date", async () => {
		const { hub, port } = await startLocal();
		const remotePort = await freePort();
		bridge(hub, remotePort, { protocol: "5", topics: ["# out 1"] });
		await logged.until(() => log.find((line) => line === "warn no connection to a broker"));
		const here = await client(port);
		await here.publishAsync("queued", "first", { qos: 1 });
		await here.publishAsync("queued", "second", { qos: 1 });
		await here.publishAsync("lossy", "gone", { qos: 0 });
		await here.publishAsync("state", "old", { qos: 0, retain: true });
		await here.publishAsync("state", "new", { qos: 0, retain: true });
		const heard: string[] = [];
		const arrived = new Condition();
		const remote = await createHub({
			allowAnonymous: true,
			listeners: { remote: { type: "tcp", port: remotePort } },
			access: {
				authorizePublish: (_, topic) => {
					heard.push(topic);
					arrived.notify();
					return true;
				},
				authorizeSubscribe: () => true,
				authorizeDelivery: () => true,
			},
		});
		open.push(() => remote.close());
		await arrived.until(() => heard.includes("state") || undefined);
		expect(heard.filter((topic) => topic !== "state")).toEqual(["queued", "queued"]);
		const there = await client(remotePort);
		const inbox = await listen(there, "state");
		await inbox.has(1);
		expect(inbox.texts).toEqual(["new"]);
	});

	test("fetches what the other broker retained at QoS 0, also if that comes before its own hub has taken it in", async () => {
		const remote = await startLocal();
		remote.hub.publish({ topic: "t", payload: Buffer.from("kept"), retain: true });
		const store = new SlowStore();
		const { hub, port } = await startLocal(store);
		bridge(hub, remote.port, { topics: ["# in 1"] });
		await connected();
		while (remote.hub.stats.publishSent === 0) await new Promise(setImmediate);
		for (let turn = 0; turn < 100; turn++) await new Promise(setImmediate); // it arrives
		store.release();
		while (hub.stats.retainedMessages === 0) await new Promise(setImmediate);
		const inbox = await listen(await client(port), "t");
		await inbox.has(1);
		expect(inbox.texts).toEqual(["kept"]);
	});

	test("needs no password and no rights in its own hub, and nobody else gets them", async () => {
		const hub = await createHub({
			users: { someone: "secret" },
			listeners: { local: { type: "tcp", port: 0 } },
			access: {
				authorizePublish: () => false,
				authorizeSubscribe: () => true,
				authorizeDelivery: (identity) => identity.username === "someone",
			},
		});
		open.push(() => hub.close());
		const remote = await startLocal();
		bridge(hub, remote.port, { protocol: "5", topics: ["a/# in 1"] });
		await connected();
		const url = `mqtt://127.0.0.1:${hub.addresses[0]?.port}`;
		const here = await connectAsync(url, { username: "someone", password: "secret", reconnectPeriod: 0 });
		open.push(() => here.endAsync(true));
		await comesThrough(await client(remote.port), "a/b", here, "a/b");
		await expect(connectAsync(url, { clientId: "motehub-bridge-test", reconnectPeriod: 0 })).rejects.toThrow();
	});
});

describe("the session of a bridge in its own hub", () => {
	const filters = (hub: Hub) => [...hub.sessions()].map((session) => [session.clientId, ...session.filters]);

	test("keeps to the rules when they change, and ends when the bridge is configured no more", async () => {
		const { hub } = await startLocal();
		const remotePort = await freePort();
		const first = bridge(hub, remotePort, { topics: ["a/# out 1", "b/# out 2", "c in 1"] });
		await first.ready;
		await first.end();
		expect(filters(hub)).toEqual([["motehub-bridge-test", "a/#", "b/#"]]);
		expect(endOrphans(hub, ["test"])).toEqual([]);
		const second = bridge(hub, remotePort, { topics: ["b/# out 2", "d out 1"] });
		const other = await client(hub.addresses[0]?.port ?? 0);
		await second.ready;
		while (filters(hub).flat().includes("a/#")) await other.publishAsync("mark", "", { qos: 1 });
		await other.endAsync();
		await second.end();
		expect(filters(hub)).toEqual([["motehub-bridge-test", "b/#", "d"]]);
		expect(endOrphans(hub, ["else"])).toEqual(["motehub-bridge-test"]);
		expect(filters(hub)).toEqual([]);
	});

	test("is ready although the other broker accepts the bridge while it subscribes here", async () => {
		const remote = await startLocal();
		const { hub } = await startLocal();
		const topics = Array.from({ length: 100 }, (_, index) => `rule${index}/# out 1`);
		await bridge(hub, remote.port, { topics }).ready;
		expect(filters(hub)[0]).toHaveLength(101);
	});

	test("holds `queue_messages` besides those on their way", async () => {
		const { hub, port } = await startLocal();
		await bridge(hub, await freePort(), { topics: ["# out 1"], queue_messages: 3 }).ready;
		const here = await client(port);
		for (let count = 0; count < 30; count++) await here.publishAsync("t", String(count), { qos: 1 });
		expect(hub.stats.inflightMessages).toBe(20);
		expect(hub.stats.queuedMessages).toBe(3);
	});

	test("gets its messages also before the bridge is back, whatever the rights of others are", async () => {
		const folder = folders.make();
		const start = async () => {
			const access = { authorizePublish: () => true, authorizeSubscribe: () => true, authorizeDelivery: () => false };
			const listeners = { local: { type: "tcp", port: 0 } } as const;
			return createHub({ allowAnonymous: true, listeners, access, store: await openStore(folder, LOG) });
		};
		const hub = await start();
		const running = bridge(hub, await freePort(), { topics: ["# out 1"] });
		await running.ready;
		await running.end();
		await hub.close();
		const again = await start();
		open.push(() => again.close());
		await (await client(again.addresses[0]?.port ?? 0)).publishAsync("t", "early", { qos: 1 });
		expect(again.stats.queuedMessages).toBe(1);
	});

	test("is nobody else's, whoever else would be let in under any name", async () => {
		for (const verdict of [{ allow: true }, Promise.resolve({ allow: true } as const)] as const) {
			const hub = await createHub({ listeners: { local: { type: "tcp", port: 0 } }, authenticate: () => verdict });
			open.push(() => hub.close());
			const url = `mqtt://127.0.0.1:${hub.addresses[0]?.port}`;
			await expect(connectAsync(url, { username: "$insider", reconnectPeriod: 0 })).rejects.toThrow();
		}
	});

	test.each([true, false])(
		"keeps what waits in it when another client comes with its client id (connected: %s)",
		async (isThere) => {
			const { hub, port } = await startLocal();
			const running = bridge(hub, await freePort(), { topics: ["# out 1"], queue_messages: 3 });
			await running.ready;
			const here = await client(port);
			for (let count = 0; count < 5; count++) await here.publishAsync("t", String(count), { qos: 1 });
			if (!isThere) await running.end();
			const clientId = [...hub.sessions()].find(({ username }) => username === "$insider")?.clientId ?? "";
			const taking = connectAsync(`mqtt://127.0.0.1:${port}`, { clientId, protocolVersion: 5, reconnectPeriod: 0 });
			await expect(taking).rejects.toMatchObject({ code: 0x85 });
			expect(hub.stats.inflightMessages + hub.stats.queuedMessages).toBe(5);
		},
	);
});

describe("the rules of a bridge", () => {
	const rules = (...topics: readonly string[]) =>
		readSettings({ bridges: { b: { broker: "b", topics } } }).settings.bridges[0]?.topics ?? [];

	test.each([
		["sensors/# both 1 local/ remote/", "out", "local/sensors/a", "remote/sensors/a"],
		["sensors/# both 1 local/ remote/", "in", "remote/sensors/a", "local/sensors/a"],
		["sensors/# both 1 local/ remote/", "out", "remote/sensors/a", undefined],
		["sensors/#", "out", "sensors/a", "sensors/a"],
		["sensors/#", "in", "sensors/a", undefined],
		['"" in 2 state/door house/7/door', "in", "house/7/door", "state/door"],
		['# in 0 "" remote/', "in", "remote/a/b", "a/b"],
		["+/a out 0 x/", "out", "x/y/a", "y/a"],
	] as const)("%s, %s: %s goes to %s", (rule, direction, topic, expected) => {
		expect(new TopicMap(rules(rule), direction).map(topic)?.topic).toBe(expected);
	});

	test("the first that matches counts", () => {
		const map = new TopicMap(rules('a/b out 1 "" first/', 'a/# out 2 "" second/'), "out");
		expect(map.map("a/b")).toEqual({ topic: "first/a/b", qos: 1 });
		expect(map.map("a/c")).toEqual({ topic: "second/a/c", qos: 2 });
	});
});
