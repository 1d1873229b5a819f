import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, describe, expect, test } from "@jest/globals";
import { connectAsync } from "mqtt";
import WebSocket from "ws";
import { createHub, type Hub, type ListenerOptions } from "../../hosts/hub/index.ts";
import { connectFrame, publishFrame } from "./support/packets.ts";
import { RawPeer } from "./support/raw-peer.ts";

let hub: Hub | undefined;
let server: Server | undefined;

afterEach(async () => {
	await hub?.close();
	hub = undefined;
	server?.closeAllConnections();
	server?.close();
	server = undefined;
});

async function start(options: Partial<Extract<ListenerOptions, { type: "ws" }>>, more = {}): Promise<number> {
	hub = await createHub({ allowAnonymous: true, listeners: { web: { ...options, type: "ws", port: 0 } }, ...more });
	return hub.addresses[0]?.port ?? 0;
}

/** `open`, or the HTTP status of the refusal. */
function outcome(url: string, headers: Record<string, string> = {}): Promise<"open" | number | undefined> {
	const socket = new WebSocket(url, ["mqtt"], { headers });
	return new Promise((resolve, reject) => {
		socket.on("error", reject);
		socket.on("open", () => {
			socket.terminate();
			resolve("open");
		});
		socket.on("unexpected-response", (request, response) => {
			resolve(response.statusCode);
			request.destroy();
		});
	});
}

describe("the header Origin", () => {
	const origins = ["https://home.example", "http://hub.local:8123"];

	test.each([
		[{ origin: "https://home.example" }, "open"],
		[{ origin: "http://hub.local:8123" }, "open"],
		[{ origin: "http://hub.local" }, 403],
		[{ origin: "https://home.example.evil.example" }, 403],
		[{ origin: "null" }, 403],
		[{}, "open"],
	] as const)("%j of a client: %s", async (headers, expected) => {
		const port = await start({ origins });
		expect(await outcome(`ws://127.0.0.1:${port}/mqtt`, headers)).toBe(expected);
	});

	test("does not matter where the listener names none", async () => {
		const port = await start({});
		expect(await outcome(`ws://127.0.0.1:${port}/`, { origin: "https://anywhere.example" })).toBe("open");
	});
});

test("a path: upgrades elsewhere are answered with 404", async () => {
	const port = await start({ path: "/mqtt" });
	expect(await outcome(`ws://127.0.0.1:${port}/mqtt?token=1`)).toBe("open");
	expect(await outcome(`ws://127.0.0.1:${port}/`)).toBe(404);
	expect(await outcome(`ws://127.0.0.1:${port}/mqtt/more`)).toBe(404);
});

describe("a server of the caller's own", () => {
	async function attach(path?: string): Promise<number> {
		server = createServer((_, response) => response.end("the caller's page"));
		const listener = { type: "attached", server, ...(path === undefined ? {} : { path }) } as const;
		hub = await createHub({ allowAnonymous: true, listeners: { mine: listener } });
		expect(hub.addresses).toEqual([]);
		server.listen(0, "127.0.0.1");
		await once(server, "listening");
		const { port } = server.address() as AddressInfo;
		expect(hub.addresses).toEqual([{ listener: "mine", host: "127.0.0.1", port, url: `ws://127.0.0.1:${port}` }]);
		return port;
	}

	test("keeps its pages and other upgrades, and goes on after the hub", async () => {
		const port = await attach("/mqtt");
		server?.on("upgrade", (request, socket) => {
			if (request.url === "/other") socket.end("HTTP/1.1 418 \r\nConnection: close\r\nContent-Length: 0\r\n\r\n");
		});
		expect(await outcome(`ws://127.0.0.1:${port}/other`)).toBe(418);
		const client = await connectAsync(`ws://127.0.0.1:${port}/mqtt`, { reconnectPeriod: 0 });
		await client.publishAsync("a", "b", { qos: 1 });
		await client.endAsync();
		await hub?.close();
		const page = await fetch(`http://127.0.0.1:${port}/`);
		expect(await page.text()).toBe("the caller's page");
	});
});

describe("limits of a listener", () => {
	test("connections from one address", async () => {
		hub = await createHub({
			allowAnonymous: true,
			connectionsPerAddress: 2,
			listeners: { a: { type: "tcp", port: 0 }, b: { type: "ws", port: 0 } },
		});
		const [tcp = 0, ws = 0] = hub.addresses.map(({ port }) => port);
		const first = await RawPeer.open(tcp);
		const second = await RawPeer.open(ws);
		const third = await RawPeer.open(tcp);
		expect(await third.closed()).toHaveLength(0);
		first.send(connectFrame(4));
		expect(await first.bytes(4)).toHaveLength(4);
		const ended = once(hub.events, "disconnected");
		first.destroy();
		await ended;
		const fourth = await RawPeer.open(tcp);
		fourth.send(connectFrame(4));
		expect(await fourth.bytes(4)).toHaveLength(4);
		for (const peer of [second, fourth]) peer.destroy();
	});

	test("connections in all of its own", async () => {
		hub = await createHub({
			allowAnonymous: true,
			listeners: { small: { type: "tcp", port: 0, maxConnections: 1 }, large: { type: "tcp", port: 0 } },
		});
		const [small = 0, large = 0] = hub.addresses.map(({ port }) => port);
		const first = await RawPeer.open(small);
		const second = await RawPeer.open(small);
		expect(await second.closed()).toHaveLength(0);
		for (const peer of [first, await RawPeer.open(large), await RawPeer.open(large)]) {
			peer.send(connectFrame(4, { clientId: "" }));
			expect(await peer.bytes(4)).toHaveLength(4);
			peer.destroy();
		}
		expect(await hub.metrics()).toContain('motehub_listener_drops_total{listener="small"} 1');
	});

	test("a longest packet of its own, which MQTT 5 clients are told", async () => {
		hub = await createHub({
			allowAnonymous: true,
			listeners: { small: { type: "tcp", port: 0, maxPacket: 1_000 }, large: { type: "tcp", port: 0 } },
		});
		const [small, large] = hub.addresses.map(({ port }) => port);
		for (const [port, limit] of [
			[small ?? 0, 1_000],
			[large ?? 0, 16_777_216],
		] as const) {
			const peer = await RawPeer.open(port);
			peer.send(connectFrame(5));
			const connack = await peer.bytes(5);
			const at = connack.indexOf(0x27); // Maximum Packet Size
			expect(connack.readUInt32BE(at + 1)).toBe(limit);
			peer.send(publishFrame("a", Buffer.alloc(2_000), 5));
			if (limit < 2_000) expect((await peer.closed()).subarray(connack.length)).toMatchObject({ 0: 0xe0, 2: 0x95 });
			peer.destroy();
		}
	});

	test("anonymous clients at one listener and not at another", async () => {
		hub = await createHub({
			users: { someone: "secret" },
			listeners: { home: { type: "tcp", port: 0, allowAnonymous: true }, away: { type: "tcp", port: 0 } },
		});
		const [home, away] = hub.addresses.map(({ port }) => `mqtt://127.0.0.1:${port}`);
		await (await connectAsync(home ?? "", { reconnectPeriod: 0 })).endAsync();
		await expect(connectAsync(away ?? "", { reconnectPeriod: 0 })).rejects.toMatchObject({ code: 5 });
		const user = { username: "someone", password: "secret", reconnectPeriod: 0 };
		await (await connectAsync(away ?? "", user)).endAsync();
	});
});

test("a type that there is not is refused by name", async () => {
	const listeners = { odd: { type: "udp", port: 0 } } as unknown as Record<string, ListenerOptions>;
	await expect(createHub({ listeners })).rejects.toThrow(
		"listener odd is of the type udp; there are tcp, tls, ws, wss",
	);
});
