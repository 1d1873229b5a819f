import { once } from "node:events";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import WebSocket from "ws";
import { connectFrame } from "./support/packets.ts";
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
