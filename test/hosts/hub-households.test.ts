import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import type { MqttClient } from "mqtt";
import { DurableStore } from "../../hosts/hub/index.ts";
import { times } from "../support/times.ts";
import { cutOff, MqttJs, receive, receiveText } from "./support/mqtt-js.ts";
import { type RunningHub, startHub } from "./support/running-hub.ts";
import { TemporaryFolders } from "./support/temporary-folder.ts";

const folders = new TemporaryFolders();
let folder: string;
let running: RunningHub;
let ended: MqttJs[] = [];

async function start(): Promise<void> {
	running = await startHub({ allowAnonymous: true, store: await DurableStore.open(folder) });
}

/** Clients of the hub that runs now. */
function clients(version: "3.1" | "3.1.1" | "5"): MqttJs {
	const made = new MqttJs(running, "tcp", version);
	ended.push(made);
	return made;
}

beforeEach(async () => {
	folder = folders.make();
	await start();
});
afterEach(async () => {
	for (const made of ended) await made.end();
	ended = [];
	await running.hub.close();
	folders.remove();
});

/** The hub stops and starts again with what it stored. */
async function restart(): Promise<void> {
	await running.hub.close();
	await start();
}

describe("the start of Home Assistant", () => {
	const topics = times(600, (i) => `homeassistant/sensor/device${i}/config`);
	const config = (topic: string) => JSON.stringify({ state_topic: topic, name: "x".repeat(800) });

	async function announce(): Promise<void> {
		const devices = await clients("3.1.1").connect();
		await Promise.all(topics.map((topic) => devices.publishAsync(topic, config(topic), { qos: 1, retain: true })));
	}

	test("after the hub's own: one subscription brings all 600 discovery messages", async () => {
		await announce();
		await restart();
		const home = await clients("5").connect();
		const messages = receive(home, topics.length);
		await home.subscribeAsync("homeassistant/#", { qos: 1 });
		const got = await messages;
		expect(got.map(({ topic }) => topic).sort()).toEqual([...topics].sort());
		for (const { topic, payload, retain } of got) expect([payload.toString(), retain]).toEqual([config(topic), true]);
	});
});

describe("OwnTracks for Android as it comes", () => {
	const base = "owntracks/ada/pixel";
	const settings = {
		clientId: "ada-pixel-8-pro-0123456789abcdef",
		clean: false,
		keepalive: 3_600,
		will: { topic: base, payload: Buffer.from('{"_type":"lwt"}'), qos: 0, retain: false },
	} as const;

	function phone(): Promise<MqttClient> {
		return clients("3.1").connect(settings);
	}

	test("its place is kept, it is missed, and commands wait for it over a restart of the hub", async () => {
		const home = await clients("5").connect();
		await home.subscribeAsync("owntracks/#", { qos: 1 });
		const owntracks = await phone();
		await owntracks.subscribeAsync(`${base}/cmd`, { qos: 2 });
		const place = receiveText(home);
		await owntracks.publishAsync(base, '{"_type":"location"}', { qos: 1, retain: true });
		expect(await place).toBe(`${base}={"_type":"location"}`);
		const missed = receiveText(home);
		await cutOff(owntracks);
		expect(await missed).toBe(`${base}={"_type":"lwt"}`);
		await home.publishAsync(`${base}/cmd`, '{"_type":"cmd"}', { qos: 2 });

		await restart();
		const { inbox } = await clients("3.1").resume(settings);
		await inbox.has(1);
		expect(inbox.texts).toEqual(['{"_type":"cmd"}']);
		const late = await clients("3.1.1").connect();
		const kept = receiveText(late);
		await late.subscribeAsync("owntracks/+/+", { qos: 1 });
		expect(await kept).toBe(`${base}={"_type":"location"}`);
	});
});
