import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import type { IClientOptions, IPublishPacket } from "mqtt";
import { encode, encodeAck } from "../../src/codec/index.ts";
import { Command } from "./support/command.ts";
import { type HubProcess, ready } from "./support/hub-process.ts";
import { cutOff, MqttJs, receiveText } from "./support/mqtt-js.ts";
import { connectFrame } from "./support/packets.ts";
import { RawPeer } from "./support/raw-peer.ts";
import { TemporaryFolders } from "./support/temporary-folder.ts";

const MAIN = fileURLToPath(new URL("../../dist/hosts/hub/main.js", import.meta.url));
const HOUR = 3_600;

const folders = new TemporaryFolders();
let data: string;
let hub: HubProcess | undefined;
let mqtt: MqttJs | undefined;

beforeEach(() => {
	data = folders.make();
});
afterEach(async () => {
	await mqtt?.end();
	await hub?.command.dispose();
	hub = undefined;
	folders.remove();
});

/** Kills the hub and starts it again, in a process whose clock is ahead by so many seconds. */
async function restart(ahead = 0, ...args: readonly string[]): Promise<MqttJs> {
	await mqtt?.end();
	await hub?.command.dispose();
	const clock = `const now = Date.now;
		Date.now = () => now() + ${ahead * 1_000};`;
	const options = ["--allow-anonymous", "--port", "0", "--http-port", "0", "--data", data, ...args];
	const preload = `data:text/javascript,${encodeURIComponent(clock)}`;
	hub = await ready(new Command(process.execPath, ["--import", preload, MAIN, ...options]));
	mqtt = new MqttJs(hub, "tcp", "5");
	return mqtt;
}

function lasting(clientId: string, sessionExpiryInterval: number): IClientOptions {
	return { clientId, clean: false, properties: { sessionExpiryInterval } };
}

/** Resolves once everything is durable that the hub was told, or did, before. */
async function settled(clients: MqttJs): Promise<void> {
	const client = await clients.connect();
	await client.publishAsync("settled", "x", { qos: 1, retain: true });
}

/** Whether the hub knows the session. */
async function hasSession(clients: MqttJs, clientId: string): Promise<boolean> {
	return (await clients.resume(lasting(clientId, HOUR))).sessionPresent;
}

describe("what a killed hub knows when it starts again", () => {
	test("retained messages, with their properties and the last of each topic", async () => {
		let clients = await restart();
		const publisher = await clients.connect();
		const properties = { contentType: "text/plain", userProperties: { unit: "°C" }, messageExpiryInterval: 2 * HOUR };
		await publisher.publishAsync("a", "old", { qos: 1, retain: true });
		await publisher.publishAsync("a", "21.5", { qos: 1, retain: true, properties });
		await publisher.publishAsync("b", "gone", { qos: 1, retain: true });
		await publisher.publishAsync("b", "", { qos: 1, retain: true });
		clients = await restart();
		const subscriber = await clients.connect();
		const packets: IPublishPacket[] = [];
		subscriber.on("message", (_, __, packet) => packets.push(packet));
		await subscriber.subscribeAsync("#", { qos: 1 });
		await subscriber.publishAsync("marker", "", { qos: 1 });
		await subscriber.publishAsync("marker", "", { qos: 1 });
		expect(packets[0]).toMatchObject({ topic: "a", retain: true, payload: Buffer.from("21.5") });
		expect(packets[0]?.properties).toMatchObject({ contentType: "text/plain", userProperties: { unit: "°C" } });
		expect(packets.map(({ topic }) => topic)).not.toContain("b");
	});

	test("sessions and their subscriptions, with options", async () => {
		let clients = await restart();
		const subscriber = await clients.connect(lasting("sub", HOUR));
		await subscriber.subscribeAsync("t/+", { qos: 1, nl: true, properties: { subscriptionIdentifier: 7 } });
		clients = await restart();
		const again = await clients.resume(lasting("sub", HOUR));
		expect(again.sessionPresent).toBe(true);
		const publisher = await clients.connect();
		await publisher.publishAsync("t/1", "x", { qos: 1 });
		await again.inbox.has(1);
	});

	test("a retained message that was published at QoS 0", async () => {
		let clients = await restart();
		const publisher = await clients.connect();
		await publisher.publishAsync("state", "on", { retain: true });
		await settled(clients);
		clients = await restart();
		const subscriber = await clients.connect();
		const message = receiveText(subscriber);
		await subscriber.subscribeAsync("state");
		expect(await message).toBe("state=on");
	});

	test("nothing, with --memory", async () => {
		let clients = await restart(0, "--memory");
		await (await clients.connect(lasting("sub", HOUR))).publishAsync("state", "on", { qos: 1, retain: true });
		clients = await restart(0, "--memory");
		expect(await hasSession(clients, "sub")).toBe(false);
	});
});

describe("time goes on while the hub is away", () => {
	test("sessions end when they should", async () => {
		const clients = await restart();
		for (const [id, interval] of [
			["short", HOUR / 2],
			["long", 2 * HOUR],
			["ever", 0xffff_ffff],
		] as const) {
			await clients.connect(lasting(id, interval));
		}
		await settled(await restart(HOUR)); // they were connected to the end: from this start on they are away
		const late = await restart(2 * HOUR);
		expect(await hasSession(late, "short")).toBe(false);
		expect(await hasSession(late, "long")).toBe(true);
		expect(await hasSession(late, "ever")).toBe(true);
	});

	test("messages expire in the queue and among the retained ones, and say how long they still last", async () => {
		let clients = await restart();
		const subscriber = await clients.connect(lasting("sub", 10 * HOUR));
		await subscriber.subscribeAsync("queued/+", { qos: 1 });
		await subscriber.endAsync();
		const publisher = await clients.connect();
		for (const retain of [false, true]) {
			for (const [name, messageExpiryInterval] of [
				["short", HOUR / 2],
				["long", 2 * HOUR],
			] as const) {
				const topic = `${retain ? "retained" : "queued"}/${name}`;
				await publisher.publishAsync(topic, "x", { qos: 1, retain, properties: { messageExpiryInterval } });
			}
		}
		clients = await restart(HOUR);
		const packets: IPublishPacket[] = [];
		const later = await clients.connect();
		later.on("message", (_, __, packet) => packets.push(packet));
		await later.subscribeAsync("retained/#", { qos: 1 });
		const { inbox } = await clients.resume(lasting("sub", 10 * HOUR));
		await later.publishAsync("queued/marker", "marker", { qos: 1 });
		await inbox.has(2);
		expect(inbox.texts).toEqual(["x", "marker"]);
		expect(packets.map(({ topic }) => topic)).toEqual(["retained/long"]);
		const left = packets[0]?.properties?.messageExpiryInterval ?? 0;
		expect(left).toBeGreaterThan(HOUR - 120);
		expect(left).toBeLessThanOrEqual(HOUR);
	});

	test("a will waits for its delay, and no longer", async () => {
		let clients = await restart();
		const watcher = await clients.connect(lasting("watcher", 10 * HOUR));
		await watcher.subscribeAsync("will/+", { qos: 1 });
		for (const [id, willDelayInterval] of [
			["soon", HOUR / 2],
			["late", 3 * HOUR],
		] as const) {
			const will = { topic: `will/${id}`, payload: Buffer.from(id), qos: 1, retain: false } as const;
			const client = await clients.connect({
				...lasting(id, 10 * HOUR),
				will: { ...will, properties: { willDelayInterval } },
			});
			await cutOff(client);
		}
		await settled(clients);
		clients = await restart(HOUR);
		const { inbox } = await clients.resume(lasting("watcher", 10 * HOUR));
		await inbox.has(1);
		const publisher = await clients.connect();
		await publisher.publishAsync("will/marker", "marker", { qos: 1 });
		await inbox.has(2);
		expect(inbox.texts).toEqual(["soon", "marker"]);
	});
});

test("a QoS 2 message that was received and not released is not delivered again after a restart", async () => {
	const session = connectFrame(4, { clean: false, clientId: "pub" });
	const publish = { cmd: "publish", topic: "t", qos: 2, retain: false, messageId: 9, properties: undefined } as const;
	const frame = (dup: boolean) => encode({ ...publish, dup, payload: Buffer.from("once") }, 4);
	let clients = await restart();
	const subscriber = await clients.connect(lasting("sub", HOUR));
	await subscriber.subscribeAsync("t", { qos: 2 });
	let peer = await RawPeer.open(hub?.port ?? 0);
	peer.send(Buffer.concat([session, frame(false)]));
	expect([...(await peer.bytes(8))]).toEqual([0x20, 2, 0, 0, 0x50, 2, 0, 9]);

	clients = await restart();
	peer = await RawPeer.open(hub?.port ?? 0);
	peer.send(Buffer.concat([session, frame(true), encodeAck("pubrel", 9, 0, 4)]));
	expect([...(await peer.bytes(12))]).toEqual([0x20, 2, 1, 0, 0x50, 2, 0, 9, 0x70, 2, 0, 9]);
	const { inbox } = await clients.resume(lasting("sub", HOUR));
	await (await clients.connect()).publishAsync("t", "next", { qos: 2 });
	await inbox.has(2);
	expect(inbox.texts).toEqual(["once", "next"]);
	peer.destroy();
});
