import { type EventEmitter, once } from "node:events";
import { createServer } from "node:net";
import { afterEach, describe, expect, jest, test } from "@jest/globals";
import { connectAsync } from "mqtt";
import { createHub, type Hub, type HubOptions, ListenError, MemoryStore, TextLog } from "../../hosts/hub/index.ts";
import { UsageError } from "../../src/codec/index.ts";
import { receiveText } from "./support/mqtt-js.ts";
import { connectFrame } from "./support/packets.ts";
import { RawPeer } from "./support/raw-peer.ts";
import { startHub } from "./support/running-hub.ts";

let hub: Hub | undefined;

afterEach(async () => {
	await hub?.close();
	hub = undefined;
});

/** The reason code with which a CONNECT of MQTT 5 is refused. */
async function refusal(port: number, username?: string, password = "wrong"): Promise<number | undefined> {
	const peer = await RawPeer.open(port);
	peer.send(connectFrame(5, username === undefined ? {} : { username, password: Buffer.from(password) }));
	return (await peer.closed())[3];
}

describe("createHub", () => {
	test("opens any number of listeners and says where they are", async () => {
		hub = await createHub({
			listeners: {
				plain: { type: "tcp", port: 0 },
				six: { type: "tcp", host: "::1", port: 0 },
				web: { type: "ws", host: "localhost", port: 0 },
			},
		});
		const urls = hub.addresses.map(({ listener, url }) => `${listener} ${url.replace(/\d+$/, "PORT")}`);
		expect(urls).toEqual(["plain mqtt://127.0.0.1:PORT", "six mqtt://[::1]:PORT", "web ws://localhost:PORT"]);
	});

	test("leaves nothing open when one of its listeners cannot be opened", async () => {
		const other = createServer().listen(0, "127.0.0.1");
		await once(other, "listening");
		const { port: taken } = other.address() as { readonly port: number };
		const free = createServer().listen(0, "127.0.0.1");
		await once(free, "listening");
		const { port } = free.address() as { readonly port: number };
		free.close();
		await once(free, "close");

		const attempt = createHub({ listeners: { first: { type: "tcp", port }, second: { type: "ws", port: taken } } });
		await expect(attempt).rejects.toBeInstanceOf(ListenError);
		await expect(attempt).rejects.toMatchObject({ listener: "second", code: "EADDRINUSE" });
		other.close();
		hub = await createHub({ listeners: { first: { type: "tcp", port } } });
	});

	test("lets nobody in unless it is told whom", async () => {
		const running = await startHub({});
		hub = running.hub;
		expect(await refusal(running.port)).toBe(0x87);
		expect(await refusal(running.port, "homeassistant")).toBe(0x86);
		expect(await refusal(running.port, "homeassistant", "")).toBe(0x86);
	});

	test.each([
		[{ acces: {} }, "createHub: unknown option acces: is access meant?"],
		[{ frobnicate: 1 }, "createHub: unknown option frobnicate: there are listeners, users, "],
		[{ limits: { max_packet: 1_024 } }, "limits: unknown option max_packet: is maxPacket meant?"],
		[{ listeners: { home: { type: "tcp", prot: 0 } } }, "listener home: unknown option prot: is port meant?"],
		[
			{ listeners: { home: { type: "tls", port: 0, tls: { certificate: "c", clientCertifcate: "required" } } } },
			"tls of listener home: unknown option clientCertifcate: is clientCertificate meant?",
		],
	])("an option that there is not is refused, in plain JavaScript too: %j", async (options, message) => {
		const store = new MemoryStore();
		const closed = jest.spyOn(store, "close");
		const attempt = createHub({ ...(options as HubOptions), store });
		await expect(attempt).rejects.toThrow(UsageError);
		await expect(attempt).rejects.toThrow(message);
		expect(closed).toHaveBeenCalled();
	});

	test("an empty password is refused", async () => {
		await expect(startHub({ users: { someone: "" } })).rejects.toThrow(UsageError);
	});

	test("slows down who guesses the passwords of `users`, and nobody who has proved themselves", async () => {
		const lines: string[] = [];
		const log = new TextLog("warn", (line) => lines.push(line));
		const running = await startHub({ users: { anna: "secret" }, log });
		hub = running.hub;
		const login = { username: "anna", password: "secret", reconnectPeriod: 0 };
		await (await connectAsync(`mqtt://127.0.0.1:${running.port}`, login)).endAsync();
		for (let i = 0; i < 5; i++) expect(await refusal(running.port, "anna", `guess${i}`)).toBe(0x86);
		expect(lines.filter((line) => line.includes("wrong passwords from one address"))).toHaveLength(1);
		// Of so many at once each waits longer than the one before, and no longer than anybody would wait for an answer.
		const guesses = Array.from({ length: 30 }, (_, i) => refusal(running.port, "anna", `guess${5 + i}`));
		expect(await Promise.race(guesses)).toBe(0x9f);
		const client = await connectAsync(`mqtt://127.0.0.1:${running.port}`, login);
		await client.endAsync();
	});

	test("asks an authenticator of the caller's, which may take its time", async () => {
		const asked: unknown[] = [];
		const running = await startHub({
			authenticate: async ({ username, info }) => {
				asked.push(username, info.listener, info.transport);
				await new Promise(setImmediate);
				return username === "right" ? { allow: true } : { allow: false, reasonCode: 0x8a };
			},
		});
		hub = running.hub;
		expect(await refusal(running.port, "wrong")).toBe(0x8a);
		const options = { username: "right", reconnectPeriod: 0 };
		await (await connectAsync(`ws://127.0.0.1:${running.httpPort}`, options)).endAsync();
		expect(asked).toEqual(["wrong", "default", "tcp", "right", "websocket", "ws"]);
	});

	test.each([
		[
			"throws",
			() => {
				throw new Error("no table");
			},
		],
		["rejects", () => Promise.reject(new Error("no table"))],
	] as const)("an authenticator that %s refuses the client as unavailable and is logged", async (_, authenticate) => {
		const lines: string[] = [];
		const running = await startHub({ authenticate, log: new TextLog("error", (line) => lines.push(line)) });
		hub = running.hub;
		expect(await refusal(running.port, "someone")).toBe(0x88);
		expect(lines).toHaveLength(1);
		expect(lines[0]).toContain("the authenticator failed: Error: no table");
	});

	test("tells what happens, and survives a listener that throws", async () => {
		const lines: string[] = [];
		const running = await startHub({ allowAnonymous: true, log: new TextLog("error", (line) => lines.push(line)) });
		hub = running.hub;
		const happened: unknown[] = [];
		hub.events.on("connected", ({ clientId, version }) => {
			happened.push(["connected", clientId, version]);
			throw new Error("listener");
		});
		hub.events.on("subscribed", ({ filter, qos }) => happened.push(["subscribed", filter, qos]));
		hub.events.on("disconnected", ({ clientId, reasonCode }) => happened.push(["disconnected", clientId, reasonCode]));
		const ended = once(hub.events, "disconnected");
		const client = await connectAsync(`mqtt://127.0.0.1:${running.port}`, { clientId: "watched", reconnectPeriod: 0 });
		await client.subscribeAsync("a/b", { qos: 1 });
		await client.endAsync();
		await ended;
		expect(happened).toEqual([
			["connected", "watched", 4],
			["subscribed", "a/b", 1],
			["disconnected", "watched", 0],
		]);
		expect(lines).toHaveLength(1);
	});

	test("tells of the messages of its clients, at QoS 1 and 2 before their publishers know", async () => {
		const running = await startHub({ users: { anna: "secret" } });
		hub = running.hub;
		const published: string[] = [];
		hub.events.on("published", ({ clientId, username, topic, payload, qos, retain, properties }) => {
			const user = JSON.stringify(properties?.userProperties);
			published.push(`${clientId} ${username} ${topic} ${Buffer.from(payload).toString()} ${qos} ${retain} ${user}`);
		});
		const client = await connectAsync(`mqtt://127.0.0.1:${running.port}`, {
			protocolVersion: 5,
			clientId: "sensor",
			username: "anna",
			password: "secret",
			reconnectPeriod: 0,
		});
		const properties = { userProperties: { unit: "°C" } };
		await client.publishAsync("room/temperature", "21.5", { qos: 2, retain: true, properties });
		expect(published.splice(0)).toEqual(['sensor anna room/temperature 21.5 2 true {"unit":"°C"}']);
		hub.publish({ topic: "own", payload: Buffer.from("not told"), qos: 1 });
		hub.events.removeAllListeners("published");
		await client.publishAsync("unheard", "", { qos: 1 });
		const again = once(hub.events, "published");
		await client.publishAsync("heard", "", { qos: 1 });
		expect((await again)[0]).toMatchObject({ topic: "heard", isWill: false });
		hub.events.removeAllListeners(); // of every event
		(hub.events as EventEmitter).removeAllListeners("newListener"); // and of those that Node itself has
		const last = once(hub.events, "published");
		await client.publishAsync("last", "", { qos: 1 });
		expect((await last)[0]).toMatchObject({ topic: "last" });
		await client.endAsync();
		expect(published).toEqual([]);
	});

	test.each<readonly [string, () => unknown]>([
		[
			"throws",
			() => {
				throw new Error("full");
			},
		],
		["rejects", () => Promise.reject(new Error("full"))],
	])("a listener to messages that %s is logged once in a while, and nobody waits for it", async (_, listener) => {
		const lines: string[] = [];
		const running = await startHub({ allowAnonymous: true, log: new TextLog("error", (line) => lines.push(line)) });
		hub = running.hub;
		hub.events.on("published", listener);
		const client = await connectAsync(`mqtt://127.0.0.1:${running.port}`, { reconnectPeriod: 0 });
		await client.subscribeAsync("t", { qos: 1 });
		const received = receiveText(client);
		for (let i = 0; i < 20; i++) await client.publishAsync("t", "safe", { qos: 1 });
		expect(await received).toBe("t=safe");
		await client.endAsync();
		expect(lines).toHaveLength(1);
		expect(lines[0]).toContain('a listener of "published" failed: Error: full');
	});

	test("a listener that publishes is not told of that", async () => {
		const running = await startHub({ allowAnonymous: true });
		hub = running.hub;
		hub.events.on("published", ({ topic, payload }) => running.hub.publish({ topic: `log/${topic}`, payload, qos: 1 }));
		const client = await connectAsync(`mqtt://127.0.0.1:${running.port}`, { reconnectPeriod: 0 });
		await client.subscribeAsync("log/#", { qos: 1 });
		const received = receiveText(client);
		await client.publishAsync("t", "1", { qos: 1 });
		expect(await received).toBe("log/t=1");
		expect(hub.stats.publishSent).toBe(1);
		await client.endAsync();
	});

	test("publishes for the host itself", async () => {
		const running = await startHub();
		hub = running.hub;
		const client = await connectAsync(`mqtt://127.0.0.1:${running.port}`, { reconnectPeriod: 0 });
		await client.subscribeAsync("$SYS/house");
		const text = receiveText(client);
		hub.publish({ topic: "$SYS/house", payload: Buffer.from("motehub") });
		expect(await text).toBe("$SYS/house=motehub");
		expect(() => running.hub.publish({ topic: "a/+", payload: new Uint8Array(0) })).toThrow(UsageError);
		await client.endAsync();
	});

	test("[MQTT-3.1.2-21] tells clients of MQTT 5 its own keep alive, if it has one", async () => {
		const running = await startHub({ allowAnonymous: true, serverKeepAlive: 60 });
		hub = running.hub;
		const connected = once(hub.events, "connected");
		const client = await connectAsync(`mqtt://127.0.0.1:${running.port}`, { protocolVersion: 5, keepalive: 120 });
		expect((await connected)[0]).toMatchObject({ keepAlive: 60 });
		await client.endAsync();
	});

	test("asks the caller's rights, and again once they have changed", async () => {
		let isOpen = false;
		const running = await startHub({
			allowAnonymous: true,
			access: {
				authorizePublish: () => true,
				authorizeSubscribe: (_, filter) => filter !== "secret/#",
				authorizeDelivery: (_, topic) => isOpen || topic !== "room/closed",
			},
		});
		hub = running.hub;
		const client = await connectAsync(`mqtt://127.0.0.1:${running.port}`, { protocolVersion: 5, reconnectPeriod: 0 });
		await expect(client.subscribeAsync("secret/#")).rejects.toThrow(/not authorized/i);
		await client.subscribeAsync("room/#");
		const first = receiveText(client);
		await client.publishAsync("room/closed", "unseen", { qos: 1 });
		await client.publishAsync("room/hall", "seen", { qos: 1 });
		expect(await first).toBe("room/hall=seen");
		isOpen = true;
		hub.rightsChanged();
		const second = receiveText(client);
		await client.publishAsync("room/closed", "seen now", { qos: 1 });
		expect(await second).toBe("room/closed=seen now");
		await client.endAsync();
	});

	test("close may be called twice, and nobody is let in afterwards", async () => {
		const running = await startHub();
		hub = running.hub;
		const peer = await RawPeer.open(running.port);
		await Promise.all([running.hub.close(), running.hub.close()]);
		expect(await peer.closed()).toHaveLength(0);
		await expect(RawPeer.open(running.port)).rejects.toThrow("ECONNREFUSED");
	});
});
