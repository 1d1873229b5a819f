import { once } from "node:events";
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { connectAsync } from "mqtt";
import { createHub, type Hub, MemoryStore, type StoreTrouble } from "../../hosts/hub/index.ts";
import { MetricsText } from "./support/metrics-text.ts";
import { RawPeer } from "./support/raw-peer.ts";
import { type RunningHub, startHub } from "./support/running-hub.ts";

let running: RunningHub;
let other: Hub | undefined;

beforeEach(async () => {
	running = await startHub({ allowAnonymous: true, limits: { queueMessages: 2 }, connectionsPerAddress: 5 });
});
afterEach(async () => {
	await running.hub.close();
	await other?.close();
	other = undefined;
});

function get(path: string, port = running.httpPort, init?: RequestInit): Promise<Response> {
	return fetch(`http://127.0.0.1:${port}${path}`, init);
}

async function scrape(port = running.httpPort): Promise<MetricsText> {
	const response = await get("/metrics", port);
	expect(response.status).toBe(200);
	expect(response.headers.get("content-type")).toBe("text/plain; version=0.0.4; charset=utf-8");
	return new MetricsText(await response.text());
}

describe("GET /metrics", () => {
	test("tells what happened in the format of Prometheus", async () => {
		const url = `mqtt://127.0.0.1:${running.port}`;
		const away = await connectAsync(url, { clientId: "secret-name", clean: false, reconnectPeriod: 0 });
		await away.subscribeAsync("room/secret-topic", { qos: 1 });
		await away.endAsync();
		const publisher = await connectAsync(url, { reconnectPeriod: 0 });
		for (let i = 0; i < 5; i++) await publisher.publishAsync("room/secret-topic", "12345", { qos: 1, retain: true });
		const metrics = await scrape();
		expect(metrics.value("motehub_connections_total")).toBe(2);
		expect(metrics.value("motehub_clients_connected")).toBe(1);
		expect(metrics.value("motehub_sessions")).toBe(2);
		expect(metrics.value("motehub_publish_received_total")).toBe(5);
		expect(metrics.value("motehub_publish_received_bytes_total")).toBe(25);
		expect(metrics.value("motehub_queued_messages")).toBe(2);
		expect(metrics.value("motehub_publish_dropped_total")).toBe(3);
		expect(metrics.value('motehub_limit_hits_total{limit="queue"}')).toBe(3);
		expect(metrics.value('motehub_limit_hits_total{limit="sessions"}')).toBe(0);
		expect(metrics.value("motehub_healthy")).toBe(1);
		expect(metrics.value("motehub_listeners")).toBe(2);
		expect(metrics.value("process_resident_memory_bytes")).toBeGreaterThan(1e6);
		expect(metrics.type("motehub_connections_total")).toBe("counter");
		expect(metrics.type("motehub_clients_connected")).toBe("gauge");
		expect(metrics.text).not.toContain("secret");
		expect(await running.hub.metrics()).toContain("motehub_sessions 2");
		await publisher.endAsync();
	});

	test("has as many lines for many clients as for none", async () => {
		const before = (await scrape()).names;
		const url = `mqtt://127.0.0.1:${running.port}`;
		const clients = await Promise.all([1, 2, 3].map(() => connectAsync(url, { reconnectPeriod: 0 })));
		expect((await scrape()).names).toEqual(before);
		await Promise.all(clients.map((client) => client.endAsync()));
	});

	test("counts the connections that are too many for one address", async () => {
		const peers: RawPeer[] = [];
		for (let i = 0; i < 7; i++) peers.push(await RawPeer.open(running.port));
		await Promise.all(peers.slice(5).map((peer) => peer.closed()));
		for (const peer of peers.slice(0, 5)) {
			peer.socket.end();
			await peer.closed();
		}
		const metrics = await scrape();
		expect(metrics.value('motehub_limit_hits_total{limit="connectionsPerAddress"}')).toBe(2);
		expect(metrics.value('motehub_listener_drops_total{listener="default"}')).toBe(2);
		expect(metrics.value("motehub_connections_total")).toBe(5);
	});

	test("answers HEAD without a body, and nothing that would change something", async () => {
		const head = await get("/metrics", running.httpPort, { method: "HEAD" });
		expect([head.status, await head.text()]).toEqual([200, ""]);
		expect((await get("/metrics", running.httpPort, { method: "POST" })).status).toBe(405);
		expect((await get("/metrics/x")).status).toBe(404);
		expect((await get("/constructor")).status).toBe(404);
		expect((await get("/metrics?name[]=x")).status).toBe(200);
	});
});

describe("GET /health", () => {
	test("is 200 with JSON while the hub can do its work", async () => {
		const response = await get("/health");
		expect(response.status).toBe(200);
		expect(response.headers.get("content-type")).toBe("application/json");
		expect(await response.json()).toEqual({ status: "ok", listeners: 2, store: "ok", uptime: expect.any(Number) });
	});

	test("is 503 while the store takes no writes, and 200 again afterwards", async () => {
		let tell: (trouble: StoreTrouble) => void = () => undefined;
		const store = Object.assign(new MemoryStore(), {
			watch: (listener: typeof tell) => {
				tell = listener;
			},
		});
		other = await createHub({ listeners: { web: { type: "ws", port: 0 } }, store });
		const port = other.addresses[0]?.port ?? 0;
		tell("/var/lib/motehub: no space left");
		const failing = await get("/health", port);
		expect(failing.status).toBe(503);
		expect(await failing.json()).toMatchObject({ status: "failing", store: "takes no writes" });
		expect((await scrape(port)).value("motehub_healthy")).toBe(0);
		tell(undefined);
		expect((await get("/health", port)).status).toBe(200);
	});
});

describe("the pages", () => {
	test("may have a port of their own, and are not on the WebSocket listeners then", async () => {
		other = await createHub({ listeners: { web: { type: "ws", port: 0 } }, http: { port: 0 } });
		const [web, http] = other.addresses;
		expect(http?.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
		expect((await get("/health", http?.port)).status).toBe(200);
		expect((await get("/metrics", http?.port)).status).toBe(200);
		expect((await get("/metrics", web?.port)).status).toBe(404);
		expect((await get("/", web?.port)).status).toBe(200);
	});

	test("may be off", async () => {
		other = await createHub({ listeners: { web: { type: "ws", port: 0 } }, http: { metrics: false, health: false } });
		const port = other.addresses[0]?.port;
		expect((await get("/metrics", port)).status).toBe(404);
		expect((await get("/health", port)).status).toBe(404);
	});

	test("do not keep the hub from closing", async () => {
		const slow = await RawPeer.open(running.httpPort);
		slow.send("GET /metrics HTTP/1.1\r\nHost: x\r\n");
		const idle = await RawPeer.open(running.httpPort);
		idle.send("GET /health HTTP/1.1\r\nHost: x\r\n\r\n");
		await once(idle.socket, "data");
		await running.hub.close();
		await Promise.all([slow.closed(), idle.closed()]);
	});
});
