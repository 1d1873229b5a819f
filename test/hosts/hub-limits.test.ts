import { once } from "node:events";
import { afterEach, describe, expect, test } from "@jest/globals";
import { connectAsync } from "mqtt";
import { WebSocket } from "ws";
import { type Hub, TextLog } from "../../hosts/hub/index.ts";
import { Inbox, receiveText } from "./support/mqtt-js.ts";
import { connectFrame, publishFrame } from "./support/packets.ts";
import { RawPeer } from "./support/raw-peer.ts";
import { startHub } from "./support/running-hub.ts";

let hub: Hub | undefined;

afterEach(async () => {
	await hub?.close();
	hub = undefined;
});

describe("a client over its messages per second", () => {
	test.each(["mqtt", "ws"] as const)("is slowed down over %s, loses nothing, and delays nobody", async (scheme) => {
		const lines: string[] = [];
		const log = new TextLog("warn", (line) => lines.push(line));
		const running = await startHub({ allowAnonymous: true, limits: { messagesPerSecond: 100 }, log });
		hub = running.hub;
		const port = scheme === "mqtt" ? running.port : running.httpPort;
		const options = { reconnectPeriod: 0 };
		const subscriber = await connectAsync(`mqtt://127.0.0.1:${running.port}`, options);
		await subscriber.subscribeAsync("flood", { qos: 1 });
		const inbox = new Inbox(subscriber);
		const flooder = await connectAsync(`${scheme}://127.0.0.1:${port}`, { ...options, clientId: "flooder" });
		const payload = "x".repeat(20_000); // far more than the sockets' buffers hold
		const flood = Array.from({ length: 250 }, (_, i) => flooder.publishAsync("flood", `${i} ${payload}`, { qos: 1 }));
		await flood[0];

		const other = await connectAsync(`mqtt://127.0.0.1:${running.port}`, options);
		await other.subscribeAsync("other");
		const text = receiveText(other);
		await other.publishAsync("other", "at once", { qos: 1 });
		expect(await text).toBe("other=at once");
		expect(inbox.texts.length).toBeLessThan(250);

		await Promise.all(flood);
		await inbox.has(250);
		expect(inbox.texts.map((each) => Number.parseInt(each, 10))).toEqual(flood.map((_, i) => i));
		expect(hub.stats.limitHits.messagesPerSecond).toBeGreaterThan(0);
		expect(lines).toHaveLength(1);
		expect(lines[0]).toMatch(
			/ warn {2}limit reached limit=messagesPerSecond client=flooder reason="More than 100 messages/,
		);
		await Promise.all([subscriber, flooder, other].map((client) => client.endAsync()));
	});

	test("may send large WebSocket messages", async () => {
		const running = await startHub({ allowAnonymous: true, limits: { messagesPerSecond: 5 } });
		hub = running.hub;
		const subscriber = await connectAsync(`mqtt://127.0.0.1:${running.port}`, { reconnectPeriod: 0 });
		await subscriber.subscribeAsync("flood");
		const inbox = new Inbox(subscriber);
		const webSocket = new WebSocket(`ws://127.0.0.1:${running.httpPort}`, "mqtt");
		await once(webSocket, "open");
		webSocket.send(connectFrame(4));
		for (let i = 0; i < 8; i++) webSocket.send(publishFrame("flood", Buffer.alloc(300_000, `${i}`), 4));
		await inbox.has(8);
		expect(inbox.texts.map((text) => [text[0], text.length])).toEqual(inbox.texts.map((_, i) => [`${i}`, 300_000]));
		webSocket.close();
		await subscriber.endAsync();
	});

	test("may send them in one piece, and go", async () => {
		const running = await startHub({ allowAnonymous: true, limits: { messagesPerSecond: 50 } });
		hub = running.hub;
		const subscriber = await connectAsync(`mqtt://127.0.0.1:${running.port}`, { reconnectPeriod: 0 });
		await subscriber.subscribeAsync("flood");
		const inbox = new Inbox(subscriber);
		const peer = await RawPeer.open(running.port);
		const frames = Array.from({ length: 100 }, (_, i) => publishFrame("flood", Buffer.from(`${i}`), 4));
		peer.send(Buffer.concat([connectFrame(4), ...frames, Uint8Array.of(0xe0, 0)]));
		await inbox.has(100);
		await peer.closed();
		await subscriber.endAsync();
	});
});

test("1,000 connections may come from one address, if nothing is said", async () => {
	const lines: string[] = [];
	const running = await startHub({ allowAnonymous: true, log: new TextLog("warn", (line) => lines.push(line)) });
	hub = running.hub;
	const peers: RawPeer[] = [];
	for (let i = 0; i < 1_000; i++) peers.push(await RawPeer.open(running.port));
	expect(lines).toEqual([]);
	expect(await (await RawPeer.open(running.port)).closed()).toHaveLength(0);
	expect(lines[0]).toContain("more than 1000 connections from 127.0.0.1");
	for (const peer of peers) peer.destroy();
});

test("connections from one address above the limit are closed, others stay, and one line says so", async () => {
	const lines: string[] = [];
	const log = new TextLog("warn", (line) => lines.push(line));
	const running = await startHub({ allowAnonymous: true, connectionsPerAddress: 3, log });
	hub = running.hub;
	const peers: RawPeer[] = [];
	for (let i = 0; i < 3; i++) peers.push(await RawPeer.open(running.port));
	for (let i = 0; i < 5; i++) expect(await (await RawPeer.open(running.port)).closed()).toHaveLength(0);
	expect(lines).toHaveLength(1);
	expect(lines[0]).toContain("more than 3 connections from 127.0.0.1");
	for (const peer of peers) {
		peer.send(connectFrame(4));
		await peer.has(4);
		peer.destroy();
	}
});
