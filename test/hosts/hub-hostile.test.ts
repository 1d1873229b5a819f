import type { Duplex } from "node:stream";
import { afterEach, describe, expect, test } from "@jest/globals";
import type { MqttClient } from "mqtt";
import type { WebSocket } from "ws";
import type { HubOptions } from "../../hosts/hub/index.ts";
import { encode } from "../../src/codec/index.ts";
import { MqttJs } from "./support/mqtt-js.ts";
import { connectFrame, publishFrame, subscribeFrame } from "./support/packets.ts";
import { RawPeer } from "./support/raw-peer.ts";
import { type RunningHub, startHub } from "./support/running-hub.ts";

const CONNACK_OF_4 = Buffer.from([0x20, 2, 0, 0]);
const GARBAGE = {
	"an HTTP request": "GET / HTTP/1.1\r\nHost: x\r\n\r\n",
	"a TLS hello": [0x16, 3, 1, 2, 0, 1, 0, 1, 0xfc, 3, 3],
	zeros: new Uint8Array(4_096),
	"a remaining length of five bytes": [0x10, 0xff, 0xff, 0xff, 0xff, 0x7f],
	"a first packet that is not CONNECT": [0xc0, 0],
	"a packet of 256 MB, by its fixed header": [0x10, 0xff, 0xff, 0xff, 0x7f],
	"a CONNECT with a damaged protocol name": [0x10, 12, 0, 4, 0x4d, 0x51, 0x54, 0xff, 4, 2, 0, 60, 0, 0],
} as const;

let running: RunningHub;
const peers: RawPeer[] = [];

async function start(options: Omit<HubOptions, "listeners" | "allowAnonymous"> = {}): Promise<void> {
	running = await startHub({ allowAnonymous: true, ...options });
}

async function peer(): Promise<RawPeer> {
	const opened = await RawPeer.open(running.port);
	peers.push(opened);
	return opened;
}

/** A peer that has been let in with MQTT 3.1.1. */
async function connected(clientId: string): Promise<RawPeer> {
	const opened = await peer();
	opened.send(connectFrame(4, { clientId }));
	expect((await opened.bytes(4)).equals(CONNACK_OF_4)).toBe(true);
	return opened;
}

async function expectHubServes(): Promise<void> {
	(await connected("bystander")).destroy();
}

afterEach(async () => {
	for (const opened of peers.splice(0)) opened.destroy();
	await running.hub.close();
});

describe("before CONNECT", () => {
	test.each(Object.entries(GARBAGE))("%s ends the connection without an answer", async (_, bytes) => {
		await start();
		const hostile = await peer();
		hostile.send(bytes);
		expect(await hostile.closed()).toHaveLength(0);
		await expectHubServes();
	});

	test("a silent peer and one that sends its CONNECT too slowly are closed at the deadline", async () => {
		await start({ limits: { connectTimeout: 150 } });
		const silent = await peer();
		const slow = await peer();
		const [first, ...rest] = connectFrame(4);
		slow.send([first ?? 0]);
		const dripping = setInterval(() => slow.send([rest.shift() ?? 0]), 50);
		expect(await silent.closed()).toHaveLength(0);
		expect(await slow.closed()).toHaveLength(0);
		clearInterval(dripping);
		await expectHubServes();
	});

	test("a peer that leaves in the middle of a packet harms nobody", async () => {
		await start();
		const frame = connectFrame(4);
		for (let cut = 1; cut < frame.length; cut++) {
			const leaving = await peer();
			leaving.send(frame.subarray(0, cut));
			leaving.destroy();
		}
		await expectHubServes();
	});

	test("connections over the limit are turned away, and the place of a closed one is given again", async () => {
		await start({ limits: { connections: 2 } });
		const first = await connected("first");
		await connected("second");
		expect(await (await peer()).closed()).toHaveLength(0);
		first.destroy();
		await first.closed();
		await expectHubServes();
	});
});

describe("after CONNECT", () => {
	test("a packet over the limit is refused from its fixed header, in MQTT 5 with reason 0x95", async () => {
		await start({ limits: { maxPacket: 1_000 } });
		const large = await peer();
		large.send(connectFrame(5));
		const connack = (await large.bytes(5)).length;
		large.send([0x30, 0xe9, 0x07]); // a PUBLISH of 1,004 bytes, of which no more ever comes
		expect((await large.closed()).subarray(connack)).toMatchObject({ 0: 0xe0, 2: 0x95 });
		await expectHubServes();
	});

	test("a second CONNECT ends the connection", async () => {
		await start();
		const twice = await connected("twice");
		twice.send(connectFrame(4));
		expect(await twice.closed()).toHaveLength(4);
		await expectHubServes();
	});

	test("packets that only servers send end the connection", async () => {
		await start();
		const confused = await connected("confused");
		confused.send(encode({ cmd: "pingresp" }, 4));
		expect(await confused.closed()).toHaveLength(4);
		await expectHubServes();
	});

	test("a peer that asks without end and never reads is not read any further", async () => {
		await start();
		const asking = await connected("asking");
		asking.socket.pause();
		const offered = 64;
		const pings = Buffer.alloc(1_048_576, Buffer.from([0xc0, 0]));
		for (let sent = 0; sent < offered; sent++) asking.send(pings);
		// The hub's own round trips are the clock: it has stopped reading once twenty of them bring nothing new.
		const bystander = await connected("bystander");
		let seen = -1;
		for (let still = 0, answered = 0; still < 20; still++) {
			bystander.send(pings.subarray(0, 2));
			answered += 2;
			await bystander.has(4 + answered);
			const taken = running.hub.stats.bytesReceived - answered;
			if (taken > seen) still = 0;
			seen = taken;
		}
		expect(seen).toBeGreaterThan(pings.length);
		expect(seen).toBeLessThan(offered * pings.length);
	});

	test.each(["tcp", "ws"] as const)(
		"a subscriber over %s that stops reading loses messages, another one none",
		async (transport) => {
			await start({ limits: { queueMessages: 100, queueBytes: 1_000_000 } });
			const clients = new MqttJs(running, transport, "3.1.1");
			const stopped = await clients.connect();
			await stopped.subscribeAsync("flood/#");
			const healthy = await connected("healthy");
			healthy.send(subscribeFrame("flood/#", 4));
			await healthy.has(4 + 5);
			const publisher = await connected("publisher");
			const frame = publishFrame("flood/data", new Uint8Array(65_536).fill(1), 4);

			setReading(stopped, false);
			let expected = 4 + 5;
			// Far more than the kernel's buffers and the queue of the one that stopped can hold.
			for (let sent = 0; running.hub.stats.publishDropped === 0 && sent < 2_000; sent++) {
				publisher.send(frame);
				expected += frame.length;
				await healthy.has(expected);
			}
			expect(running.hub.stats.publishDropped).toBeGreaterThan(0);
			expect(healthy.received).toHaveLength(expected);

			const caughtUp = new Promise<void>((resolve) => {
				stopped.on("message", (topic) => topic === "flood/end" && resolve());
			});
			setReading(stopped, true);
			// At QoS 0 messages may still be lost while it catches up.
			const ending = setInterval(() => publisher.send(publishFrame("flood/end", new Uint8Array(0), 4)), 20);
			await caughtUp;
			clearInterval(ending);
			await clients.end();
		},
	);
});

/** Makes a client stop or go on taking bytes from its socket, whatever its transport. */
function setReading(client: MqttClient, flag: boolean): void {
	const stream = client.stream as Duplex & { readonly socket?: WebSocket };
	const source = stream.socket ?? stream;
	if (flag) source.resume();
	else source.pause();
}
