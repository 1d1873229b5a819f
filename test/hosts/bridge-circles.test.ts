import { afterEach, describe, expect, test } from "@jest/globals";
import { connectAsync, type MqttClient } from "mqtt";
import { Bridge, BridgePath, type BridgeSite } from "../../hosts/hub/bridge/index.ts";
import { readSettings } from "../../hosts/hub/config/index.ts";
import { createHub } from "../../hosts/hub/index.ts";
import { HostCounters } from "../../hosts/hub/operation/index.ts";
import type { BrokerLimits } from "../../src/broker/index.ts";
import { Condition } from "./support/condition.ts";
import { Inbox } from "./support/mqtt-js.ts";

interface Site extends BridgeSite {
	readonly counters: HostCounters;
	readonly port: number;
	/** A client of MQTT 5 at this hub. */
	readonly client: MqttClient;
}

const open: (() => Promise<unknown>)[] = [];
const log: string[] = [];
const logged = new Condition();
const LOG = {
	write: (_: string, message: string, fields: Readonly<Record<string, unknown>> = {}) => {
		log.push(`${message} ${String(fields.reason)}`);
		logged.notify();
	},
};

afterEach(async () => {
	for (const close of open.splice(0).toReversed()) await close();
	log.length = 0;
});

/** Starts a hub. `isBridged`: whether it is to have bridges of its own. */
async function site(hubId: string, isBridged = true, limits: Partial<BrokerLimits> = {}): Promise<Site> {
	const path = new BridgePath(hubId, isBridged);
	const listeners = { lan: { type: "tcp", port: 0 } } as const;
	const hub = await createHub({ allowAnonymous: true, listeners, passage: path, sysInterval: 0, limits });
	open.push(() => hub.close());
	const port = hub.addresses[0]?.port ?? 0;
	const client = await connectAsync(`mqtt://127.0.0.1:${port}`, { protocolVersion: 5, reconnectPeriod: 0 });
	open.push(() => client.endAsync(true));
	return { hub, hubId, path, log: LOG, counters: new HostCounters(), port, client };
}

function bridge(from: Site, to: Site, options: object = { topics: ["# both 2"] }): void {
	const { settings } = readSettings({ bridges: { [to.hubId]: { broker: "127.0.0.1", port: to.port, ...options } } });
	for (const each of settings.bridges) {
		const running = new Bridge(each, from);
		open.push(() => running.end());
	}
}

/** Waits until what is published at each hub reaches each other one. */
async function joined(sites: readonly Site[]): Promise<void> {
	const news = new Condition();
	const arrived = new Set<string>();
	for (const { client, hubId } of sites) {
		client.on("message", (topic) => {
			arrived.add(`${topic} ${hubId}`);
			news.notify();
		});
		await client.subscribeAsync("joined/#");
	}
	while (arrived.size < sites.length ** 2) {
		for (const { client, hubId } of sites) await client.publishAsync(`joined/${hubId}`, "");
		await new Promise(setImmediate);
	}
	for (const { client } of sites) await client.unsubscribeAsync("joined/#");
}

async function listen(sites: readonly Site[]): Promise<readonly Inbox[]> {
	const inboxes = sites.map(({ client }) => new Inbox(client));
	for (const { client } of sites) await client.subscribeAsync("t", { qos: 2 });
	return inboxes;
}

/** Everything that the hubs were sent by clients. */
function published(sites: readonly Site[]): number {
	return sites.reduce((sum, { hub }) => sum + hub.stats.publishReceived, 0);
}

/** Resolves when clients have nothing but their own to hear of, for so many messages of theirs in a row. */
async function quiet(sites: readonly Site[]): Promise<void> {
	for (let still = 0; still < 50; still++) {
		const before = published(sites);
		for (const { client } of sites) await client.publishAsync("unbridged", "", { qos: 1 });
		if (published(sites) > before + sites.length) still = 0;
	}
}

const ROUNDS = 10;

/** Publishes at each hub in turn, and looks at what arrives at each, and at how often it was sent on. */
async function expectOnce(sites: readonly Site[], bridges: number): Promise<void> {
	await joined(sites);
	const inboxes = await listen(sites);
	const before = published(sites);
	const sent: string[] = [];
	for (let round = 0; round < ROUNDS; round++) {
		for (const { client, hubId } of sites) {
			const text = `${round} from ${hubId}`;
			sent.push(text);
			await client.publishAsync("t", text, { qos: (round % 3) as 0 | 1 | 2 });
			// One after the other: copies of the last one that are still on their way would come before the next.
			for (const inbox of inboxes) await inbox.has(sent.length);
		}
	}
	for (const inbox of inboxes) expect(inbox.texts).toEqual(sent);
	// Each bridge carries a message once in each direction at most.
	expect(published(sites) - before).toBeLessThanOrEqual(sent.length * (1 + 2 * bridges));
}

/** A client of both that publishes at one what it gets at the other, with the properties that an application has. */
async function relay(from: Site, to: Site): Promise<void> {
	const connect = ({ port }: Site) =>
		connectAsync(`mqtt://127.0.0.1:${port}`, { protocolVersion: 5, reconnectPeriod: 0 });
	const [source, target] = [await connect(from), await connect(to)];
	for (const client of [source, target]) open.push(() => client.endAsync(true));
	source.on("message", (topic, payload, { qos, retain, properties: { userProperties } = {} }) => {
		if (userProperties !== undefined) target.publish(topic, payload, { qos, retain, properties: { userProperties } });
	});
	await source.subscribeAsync("#", { qos: 2 });
}

/** A message with so many user properties. */
function laden(count: number) {
	const names = Array.from({ length: count }, (_, index) => [`p${index}`, ""] as const);
	return { qos: 1 as const, properties: { userProperties: Object.fromEntries(names) } };
}

describe("a message with more user properties than a hub takes", () => {
	test("stays where it is, with a line in the log, and does not keep others from crossing", async () => {
		const [a, b] = [await site("a"), await site("b")];
		bridge(a, b);
		await joined([a, b]);
		const inboxes = await listen([a, b]);
		await a.client.publishAsync("t", "100, and the path", laden(100));
		await a.client.publishAsync("t", "99, and the path", laden(99));
		await b.client.publishAsync("t", "100 from there, and the path", laden(100));
		await b.client.publishAsync("t", "99 from there, and the path", laden(99));
		await inboxes[0]?.has(3);
		await inboxes[1]?.has(3);
		expect(inboxes[0]?.texts).toEqual(["100, and the path", "99, and the path", "99 from there, and the path"]);
		expect(inboxes[1]?.texts).not.toContain("100, and the path");
		expect(log.join("\n")).toContain('"t" came with more than 100 user properties');
		expect(a.counters.lossesByBridge.get("b")).toBe(2);
	});

	test("from a broker that takes more does not come in, and the bridge goes on", async () => {
		const a = await site("a", true, { userProperties: 10 });
		const there = await site("there", false, { userProperties: 1_000 });
		bridge(a, there);
		await joined([a, there]);
		const [inbox] = await listen([a]);
		await there.client.publishAsync("t", "many", laden(500));
		await there.client.publishAsync("t", "some", laden(100));
		await inbox?.has(1);
		expect(inbox?.texts).toEqual(["some"]);
	});
});

describe("a broker that takes fewer user properties than a hub", () => {
	test("does not hold up a bridge: what is too much for it goes without them, in its place", async () => {
		const a = await site("a");
		const there = await site("there", false, { userProperties: 10 });
		bridge(a, there);
		await joined([a, there]);
		const [, inbox] = await listen([a, there]);
		const names: string[][] = [];
		there.client.on("message", (_, __, packet) => names.push(Object.keys(packet.properties?.userProperties ?? {})));
		for (const qos of [0, 1, 2] as const) {
			await a.client.publishAsync("t", `many at ${qos}`, { ...laden(20), qos });
			await a.client.publishAsync("t", `few at ${qos}`, { ...laden(3), qos: 2 });
			while (inbox?.texts.at(-1) !== `few at ${qos}`) await inbox?.has(inbox.texts.length + 1);
		}
		const texts = inbox?.texts.filter((text) => text !== "many at 0"); // which may have been lost with the connection
		expect(texts).toEqual(["few at 0", "many at 1", "few at 1", "many at 2", "few at 2"]);
		expect(names.at(-1)).toEqual(["p0", "p1", "p2", "motehub-path"]);
		expect(names.at(-2)).toEqual([]);
		expect(log.join("\n")).toContain("a bridge left out user properties");
		expect(a.counters.lossesByBridge.size).toBe(0);
		expect(a.counters.shorteningsByBridge.get("there")).toBeGreaterThan(1);
	});

	test("nor does one that takes none at all, not even the path", async () => {
		const a = await site("a");
		const there = await site("there", false, { userProperties: 0 });
		bridge(a, there);
		await joined([a, there]);
		const [, inbox] = await listen([a, there]);
		await a.client.publishAsync("t", "without a path", { qos: 2 });
		await inbox?.has(1);
		expect(inbox?.texts).toEqual(["without a path"]);
	});
});

describe("over bridges of MQTT 5, each message arrives once at each hub, and the traffic dies out", () => {
	test("when two hubs are bridged to each other from both sides", async () => {
		const [a, b] = [await site("a"), await site("b")];
		bridge(a, b);
		bridge(b, a);
		await expectOnce([a, b], 2);
	});

	test("when three hubs are bridged in a ring", async () => {
		const [a, b, c] = [await site("a"), await site("b"), await site("c")];
		bridge(a, b);
		bridge(b, c);
		bridge(c, a);
		await expectOnce([a, b, c], 3);
	});

	test("when three hubs are bridged in a ring from both sides", async () => {
		const [a, b, c] = [await site("a"), await site("b"), await site("c")];
		for (const [from, to] of [
			[a, b],
			[b, c],
			[c, a],
			[b, a],
			[c, b],
			[a, c],
		] as const)
			bridge(from, to);
		await expectOnce([a, b, c], 6);
	});

	test("when one of the ways is another broker's, which hands messages on as they are", async () => {
		const [a, b] = [await site("a"), await site("b")];
		bridge(b, a);
		await relay(a, b);
		await relay(b, a);
		await expectOnce([a, b], 2);
	});

	test("when prefixes would make a longer topic of it each time", async () => {
		const [a, b] = [await site("a"), await site("b")];
		bridge(a, b, { topics: ['# out 1 "" x/'] });
		bridge(b, a, { topics: ['# out 1 "" y/'] });
		const inbox = new Inbox(a.client);
		await a.client.subscribeAsync("#");
		await b.client.subscribeAsync("x/t");
		const reached = new Promise((resolve) => b.client.once("message", resolve));
		await a.client.publishAsync("t", "once", { qos: 1 });
		await reached;
		await b.client.publishAsync("end", "end", { qos: 1 });
		await inbox.has(2);
		expect(inbox.texts).toEqual(["once", "end"]);
	});
});

/** A client that answers each message with the properties that it came with, as Node-RED's nodes do. */
async function answering({ client }: Site, question: string, answer: string): Promise<void> {
	client.on("message", (topic, payload, { properties: { userProperties } = {} }) => {
		const properties = userProperties === undefined ? {} : { properties: { userProperties } };
		if (topic === question) client.publish(answer, payload, { qos: 1, ...properties });
	});
	await client.subscribeAsync(question);
}

describe("what a client publishes with the user properties of a message that it got is a message of its own", () => {
	test.each([
		["both hubs have bridges", true],
		["the hub without bridges has the client", false],
	])("when %s", async (_, isBridged) => {
		const [a, b] = [await site("a"), await site("b", isBridged)];
		bridge(a, b);
		if (isBridged) bridge(b, a);
		await joined([a, b]);
		await answering(a, "ask a", "answer of a");
		await answering(b, "ask b", "answer of b");
		const inboxes = [a, b].map(({ client }) => new Inbox(client));
		for (const { client } of [a, b]) await client.subscribeAsync("+");
		for (const { client, hubId } of [a, b]) {
			await client.publishAsync("ask a", hubId, { qos: 1 });
			await client.publishAsync("ask b", hubId, { qos: 1 });
		}
		for (const inbox of inboxes) {
			await inbox.has(8);
			expect(inbox.texts.toSorted()).toEqual(["a", "a", "a", "a", "b", "b", "b", "b"]);
		}
	});
});

test("wills, and what the hub itself publishes, have a path as well", async () => {
	const { client, port, hub } = await site("a");
	await client.subscribeAsync("#");
	const paths: unknown[] = [];
	const news = new Condition();
	client.on("message", (_, __, packet) => {
		paths.push(packet.properties?.userProperties?.["motehub-path"]);
		news.notify();
	});
	hub.publish({ topic: "own", payload: new Uint8Array(1) });
	const will = { topic: "will", payload: Buffer.from("gone"), qos: 0, retain: false } as const;
	const leaving = await connectAsync(`mqtt://127.0.0.1:${port}`, { will, reconnectPeriod: 0 });
	leaving.stream.destroy();
	await news.until(() => (paths.length >= 2 ? true : undefined));
	expect(paths).toEqual([expect.stringMatching(/^\S+ a \|\S+$/), expect.stringMatching(/^\S+ a \|\S+$/)]);
});

test("over bridges of MQTT 3.1.1 from both sides, what goes in circles is stopped, and nothing else", async () => {
	const [a, b] = [await site("a"), await site("b")];
	const options = { protocol: "3.1.1", topics: ["loop/# both 1"] };
	bridge(a, b, options);
	bridge(b, a, options);
	await logged.until(() => (log.filter((line) => line.startsWith("connected")).length === 2 ? true : undefined));
	const [beyond] = await listen([b]);
	const before = published([a, b]);
	while (!log.some((line) => line.includes("goes in circles"))) {
		await a.client.publishAsync("loop/x", "round and round", { qos: 1 });
		await new Promise(setImmediate);
	}
	await quiet([a, b]);
	expect(published([a, b]) - before).toBeLessThan(1_500);
	await b.client.publishAsync("t", "as ever", { qos: 1 });
	await beyond?.has(1);
});
