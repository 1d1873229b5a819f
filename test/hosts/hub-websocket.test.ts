import { once } from "node:events";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { connectAsync } from "mqtt";
import WebSocket from "ws";
import type { AuthVerdict } from "../../hosts/hub/index.ts";
import { PacketEnds } from "../../hosts/hub/packet-ends.ts";
import { connectFrame, publishFrame } from "./support/packets.ts";
import { RawPeer } from "./support/raw-peer.ts";
import { type RunningHub, startHub } from "./support/running-hub.ts";

const PINGREQ = Buffer.from([0xc0, 0]);
const CONNACK_AND_PINGRESP = Buffer.from([0x20, 2, 0, 0, 0xd0, 0]);

let running: RunningHub;

beforeAll(async () => {
	running = await startHub();
});
afterAll(() => running.hub.close());

async function open(protocols: readonly string[]): Promise<WebSocket> {
	const socket = new WebSocket(`ws://127.0.0.1:${running.httpPort}/mqtt`, [...protocols]);
	await once(socket, "open");
	return socket;
}

/** Everything received, once that is `length` bytes. */
function receive(socket: WebSocket, length: number): Promise<Buffer> {
	let bytes = Buffer.alloc(0);
	return new Promise((resolve) => {
		socket.on("message", (data: Buffer) => {
			bytes = Buffer.concat([bytes, data]);
			if (bytes.length >= length) resolve(bytes);
		});
	});
}

describe("WebSocket", () => {
	test.each([
		[["mqtt"], "mqtt"],
		[["mqttv3.1"], "mqttv3.1"],
		[["mqttv3.1", "mqtt"], "mqtt"],
		[["chat", "mqtt"], "mqtt"],
		[[], ""],
	] as const)("[MQTT-6.0.0-4] [3.1.1 MQTT-6.0.0-4] of the subprotocols %j it takes %j", async (offered, taken) => {
		const socket = await open(offered);
		expect(socket.protocol).toBe(taken);
		socket.terminate();
	});

	test("[MQTT-6.0.0-3] a client that offers only other subprotocols is refused with an explanation", async () => {
		const socket = new WebSocket(`ws://127.0.0.1:${running.httpPort}/`, ["chat"]);
		const status = await new Promise<number | undefined>((resolve) => {
			socket.on("unexpected-response", (request, response) => {
				resolve(response.statusCode);
				request.destroy();
			});
		});
		expect(status).toBe(400);
	});

	test("[MQTT-6.0.0-2] [3.1.1 MQTT-6.0.0-2] packets and frames need not align", async () => {
		const stream = Buffer.concat([connectFrame(4, { clientId: "cut" }), PINGREQ]);
		for (const size of [1, 3, stream.length]) {
			const socket = await open(["mqtt"]);
			const received = receive(socket, CONNACK_AND_PINGRESP.length);
			for (let at = 0; at < stream.length; at += size) socket.send(stream.subarray(at, at + size));
			expect(await received).toEqual(CONNACK_AND_PINGRESP);
			socket.terminate();
		}
	});

	test("each packet is sent in a frame of its own, for peers that read but one of a frame", async () => {
		const socket = await open(["mqtt"]);
		const frames: Buffer[] = [];
		socket.on("message", (data: Buffer) => frames.push(data));
		const received = receive(socket, CONNACK_AND_PINGRESP.length + 2);
		socket.send(Buffer.concat([connectFrame(4, { clientId: "frames" }), PINGREQ, PINGREQ]));
		await received;
		expect(frames).toEqual([Buffer.from([0x20, 2, 0, 0]), Buffer.from([0xd0, 0]), Buffer.from([0xd0, 0])]);
		socket.terminate();
	});

	test.each([1, 2, 3, 5, 131, 132, 1_000])("the ends of packets are found in chunks of %i bytes", (size) => {
		const long = Buffer.concat([Buffer.from([0x30, 0x81, 0x01]), Buffer.alloc(129, 0xc0)]);
		const packets = [Buffer.from([0xd0, 0]), long, Buffer.from([0x40, 2, 0, 1]), long, Buffer.from([0xd0, 0])];
		const stream = Buffer.concat(packets);
		const ends = new PacketEnds();
		const found = new Set<number>();
		for (let from = 0; from < stream.length; from += size) {
			const chunk = stream.subarray(from, from + size);
			for (let at = 0; at < chunk.length; found.add(from + at)) at = ends.next(chunk, at);
		}
		// A chunk's end is one where a packet goes on behind it.
		const chunkEnds = Array.from({ length: Math.ceil(stream.length / size) }, (_, i) =>
			Math.min((i + 1) * size, stream.length),
		);
		let end = 0;
		const packetEnds = packets.map((packet) => (end += packet.length));
		expect([...found].sort((a, b) => a - b)).toEqual([...new Set([...packetEnds, ...chunkEnds])].sort((a, b) => a - b));
	});

	test("[MQTT-6.0.0-1] [3.1.1 MQTT-6.0.0-1] a text frame closes the connection", async () => {
		const socket = await open(["mqtt"]);
		socket.send("text");
		expect((await once(socket, "close"))[0]).toBe(1003);
	});

	test("a ping of the WebSocket protocol is answered", async () => {
		const socket = await open(["mqtt"]);
		socket.ping("alive?");
		expect(await once(socket, "pong")).toEqual([Buffer.from("alive?")]);
		socket.terminate();
	});

	test("a frame longer than any packet may be closes the connection", async () => {
		const peer = await RawPeer.open(running.httpPort);
		peer.send(
			"GET / HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n" +
				"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Protocol: mqtt\r\n\r\n",
		);
		await peer.has(1);
		peer.send([0x82, 0xff, 0, 0, 0, 0, 2, 0, 0, 0, 1, 2, 3, 4]); // 32 MiB, announced in the frame's head
		const received = await peer.closed();
		expect(received.subarray(-4)).toEqual(Buffer.from([0x88, 2, 0x03, 0xf1])); // close frame, 1009: message too big
	});
});

test("a limit of packets that was raised holds for whoever connects from then on", async () => {
	const { hub, httpPort } = await startHub({ allowAnonymous: true, limits: { maxPacket: 70_000 } });
	hub.changeLimits({ maxPacket: 1_000_000 });
	const client = await connectAsync(`ws://127.0.0.1:${httpPort}`, { reconnectPeriod: 0 });
	await client.publishAsync("t", Buffer.alloc(500_000), { qos: 1 });
	expect(hub.stats.publishReceived).toBe(1);
	await client.endAsync(true);
	await hub.close();
});

describe("before a client is accepted", () => {
	/** The header of a binary frame of `length` bytes, masked with zeros. */
	function header(length: number): Buffer {
		const bytes = Buffer.alloc(14);
		bytes.set([0x82, 0x80 | 127]);
		bytes.writeBigUInt64BE(BigInt(length), 2);
		return bytes;
	}

	async function upgraded(port: number): Promise<RawPeer> {
		const peer = await RawPeer.open(port);
		const lines = [
			"GET / HTTP/1.1",
			"Host: x",
			"Connection: Upgrade",
			"Upgrade: websocket",
			"Sec-WebSocket-Version: 13",
		];
		const key = ["Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==", "Sec-WebSocket-Protocol: mqtt", "", ""];
		peer.send(Buffer.from([...lines, ...key].join("\r\n")));
		while (!peer.received.includes("\r\n\r\n")) await peer.bytes(peer.received.length + 1);
		return peer;
	}

	const MESSAGE = 8_000_000;

	test("a long message is not held: a first one ends the connection", async () => {
		const peer = await upgraded(running.httpPort);
		peer.send(header(MESSAGE));
		peer.send(Buffer.alloc(MESSAGE - 1));
		await peer.closed();
	});

	test("one after others is not read on, and read when the client is accepted", async () => {
		let accept: () => void = () => undefined;
		const authenticate = () =>
			new Promise<AuthVerdict>((resolve) => {
				accept = () => resolve({ allow: true });
			});
		const { hub, httpPort } = await startHub({ authenticate });
		try {
			const peer = await upgraded(httpPort);
			const connect = connectFrame(4);
			const publish = publishFrame("a", Buffer.alloc(MESSAGE), 4);
			peer.send(Buffer.concat([header(connect.length), connect, header(publish.length), publish]));
			// While the rest waits, the hub goes on; how much it took of it, the sender's socket knows.
			let left = peer.socket.writableLength;
			for (let still = 0; still < 20; still++) {
				await fetch(`http://127.0.0.1:${httpPort}/health`).then((response) => response.text());
				if (peer.socket.writableLength < left) still = 0;
				left = peer.socket.writableLength;
			}
			expect(left).toBeGreaterThan(0);
			expect(hub.stats.publishReceived).toBe(0);
			accept();
			const done = Buffer.from([0x82, 0x82, 0, 0, 0, 0, ...PINGREQ]);
			peer.send(done);
			while (!peer.received.includes(Buffer.from([0xd0, 0]))) await peer.bytes(peer.received.length + 1);
			expect(hub.stats.publishBytesReceived).toBe(MESSAGE);
			peer.destroy();
		} finally {
			await hub.close();
		}
	});
});

describe("plain HTTP on the WebSocket port", () => {
	test.each([
		["GET", "/", 200],
		["GET", "/?a", 200],
		["HEAD", "/", 200],
		["GET", "/admin", 404],
		["POST", "/", 405],
	] as const)("%s %s is answered with %i", async (method, path, status) => {
		const response = await fetch(`http://127.0.0.1:${running.httpPort}${path}`, { method });
		expect(response.status).toBe(status);
		expect((await response.text()).includes("motehub")).toBe(method === "GET" && status === 200);
	});
});
