import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { connectAsync, type IClientOptions, type MqttClient } from "mqtt";
import { freePort } from "./support/brokers.ts";
import { isInstalled } from "./support/command.ts";
import { Condition } from "./support/condition.ts";
import { ConfigFolder } from "./support/config-folder.ts";
import { type HubProcess, hubCommand } from "./support/hub-process.ts";
import { Mosquitto } from "./support/mosquitto.ts";

/** Messages of each QoS. */
const COUNT = 60;
/** Mosquitto takes no more QoS 2 messages at a time. */
const WINDOW = 20;
const QOS = [1, 2] as const;
type Expected = (typeof QOS)[number];

/** Counts messages by their text. */
class Tally {
	readonly counts = new Map<string, number>();
	readonly #news = new Condition();

	constructor(client: MqttClient) {
		client.on("message", (_, payload) => {
			const text = payload.toString();
			this.counts.set(text, (this.counts.get(text) ?? 0) + 1);
			this.#news.notify();
		});
	}

	/** Resolves once there are so many different messages. */
	async has(count: number): Promise<void> {
		await this.#news.until(() => (this.counts.size >= count ? true : undefined));
	}

	/** How often each message of this QoS arrived: one number for all. */
	timesOf(qos: Expected): number[] {
		return numbers(qos).map((text) => this.counts.get(text) ?? 0);
	}
}

function numbers(qos: Expected): string[] {
	return Array.from({ length: COUNT }, (_, index) => `${qos}-${index}`);
}

const ONCE = Array.from({ length: COUNT }, () => 1);
const LASTING: IClientOptions = { clean: false, protocolVersion: 4, reconnectPeriod: 0 };

let folder: ConfigFolder;
let mosquitto: Mosquitto;
let hubPort: number;
const hubs: HubProcess["command"][] = [];
const clients: MqttClient[] = [];

async function startHub(rule: string, protocol: string): Promise<HubProcess["command"]> {
	folder.write({
		"motehub.yaml": `listeners:
  lan: { bind: "127.0.0.1:${hubPort}", allow_anonymous: true }
bridges:
  there: { broker: 127.0.0.1, port: ${mosquitto.port}, protocol: "${protocol}", topics: ["${rule}"] }
`,
	});
	const hub = hubCommand("--config", folder.file("motehub.yaml"), "--data", folder.file("data"));
	hubs.push(hub);
	await hub.prints(/^motehub ready/m);
	return hub;
}

/** As a power cut does it. */
async function kill(hub: HubProcess["command"]): Promise<void> {
	hub.signal("SIGKILL");
	await hub.exitCode();
}

async function connect(port: number, options: IClientOptions = {}): Promise<MqttClient> {
	const client = await connectAsync(`mqtt://127.0.0.1:${port}`, { reconnectPeriod: 0, ...options });
	client.on("error", () => undefined);
	clients.push(client);
	return client;
}

/** Subscribes before anything can arrive, and counts. */
async function listen(port: number, options: IClientOptions = {}): Promise<Tally> {
	const client = await connect(port, options);
	const tally = new Tally(client);
	await client.subscribeAsync("t", { qos: 2 });
	return tally;
}

/** Publishes all messages; resolves when each is acknowledged. */
async function publishAll(port: number): Promise<void> {
	const client = await connect(port);
	const all = QOS.flatMap((qos) => numbers(qos).map((text) => ({ qos, text })));
	while (all.length > 0) {
		await Promise.all(all.splice(0, WINDOW).map(({ qos, text }) => client.publishAsync("t", text, { qos })));
	}
	await client.endAsync();
}

beforeEach(async () => {
	folder = new ConfigFolder();
	mosquitto = new Mosquitto(await freePort());
	hubPort = await freePort();
});
afterEach(async () => {
	await Promise.all(clients.splice(0).map((client) => client.endAsync(true)));
	await Promise.all(hubs.splice(0).map((hub) => hub.dispose()));
	await mosquitto.dispose();
	folder.remove();
});

const each = isInstalled("mosquitto") ? describe.each(["3.1.1", "5"]) : describe.skip.each(["without Mosquitto"]);

each("what was acknowledged crosses a bridge to Mosquitto (MQTT %s)", (protocol) => {
	test("when the hub is killed while Mosquitto is away, and again and again on the way out; exactly once at QoS 2", async () => {
		const first = await startHub("# out 2", protocol);
		await publishAll(hubPort);
		await kill(first);
		await mosquitto.start();
		const tally = await listen(mosquitto.port);
		for (const share of [0.2, 0.6]) {
			const hub = await startHub("# out 2", protocol);
			await tally.has(Math.floor(2 * COUNT * share));
			await kill(hub);
		}
		await startHub("# out 2", protocol);
		await tally.has(2 * COUNT);
		expect(Math.min(...tally.timesOf(1))).toBeGreaterThanOrEqual(1);
		expect(tally.timesOf(2)).toEqual(ONCE);
	}, 120_000);

	test("when the hub is killed again and again on the way in; exactly once at QoS 2", async () => {
		await mosquitto.start();
		const first = await startHub("# in 2", protocol);
		const subscriber = { ...LASTING, clientId: "subscriber" };
		const early = await connect(hubPort, subscriber);
		await early.subscribeAsync("t", { qos: 2 });
		await early.endAsync();
		await crossesIn();
		await kill(first);
		await publishAll(mosquitto.port);
		for (const share of [0.2, 0.6]) {
			const hub = await startHub("# in 2", protocol);
			const watcher = await listen(hubPort);
			await watcher.has(Math.floor(COUNT * share) / 2);
			await kill(hub);
		}
		await startHub("# in 2", protocol);
		const late = await connectLate(subscriber);
		await late.has(2 * COUNT);
		expect(Math.min(...late.timesOf(1))).toBeGreaterThanOrEqual(1);
		expect(late.timesOf(2)).toEqual(ONCE);
	}, 120_000);

	test("when Mosquitto goes away and comes back", async () => {
		await mosquitto.start();
		await startHub("# out 2", protocol);
		const subscriber = { ...LASTING, clientId: "subscriber" };
		const early = await connect(mosquitto.port, subscriber);
		await early.subscribeAsync("t", { qos: 2 });
		await early.endAsync();
		await mosquitto.stop();
		await publishAll(hubPort);
		await mosquitto.start();
		const late = await connectLate(subscriber, mosquitto.port);
		await late.has(2 * COUNT);
		expect(late.timesOf(1)).toEqual(ONCE);
		expect(late.timesOf(2)).toEqual(ONCE);
	}, 120_000);
});

/** Resumes a session, counting from its first byte on. */
async function connectLate(options: IClientOptions, port = hubPort): Promise<Tally> {
	const { connect: open } = await import("mqtt");
	const client = open(`mqtt://127.0.0.1:${port}`, options);
	clients.push(client);
	return new Tally(client);
}

/** Waits until what is published at Mosquitto reaches the hub: the bridge has its session there. */
async function crossesIn(): Promise<void> {
	const here = await connect(hubPort);
	const there = await connect(mosquitto.port);
	let arrived = false;
	here.on("message", () => {
		arrived = true;
	});
	await here.subscribeAsync("mark");
	while (!arrived) {
		await there.publishAsync("mark", "mark", { qos: 1 });
		await new Promise(setImmediate);
	}
	await there.endAsync();
}
