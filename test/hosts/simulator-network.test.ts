import { once } from "node:events";
import { type AddressInfo, createServer, type Server, type Socket } from "node:net";
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { encodeQuery, readAnswer } from "../../hosts/device/dns/message.ts";
import { EventQueue } from "../../hosts/simulator/event-queue.ts";
import { answerQuery, isNameServer } from "../../hosts/simulator/name-server.ts";
import { Network } from "../../hosts/simulator/network.ts";
import { EVENT, Reader } from "../../hosts/simulator/stand-ins/wire.ts";
import { WiFi } from "../../hosts/simulator/wifi.ts";
import { Condition } from "./support/condition.ts";

const NAME_SERVER = "10.0.2.3";

describe("the simulated name server", () => {
	test("is found at two addresses, and nobody at others", () => {
		expect(isNameServer(NAME_SERVER, 53)).toBe(true);
		expect(isNameServer("224.0.0.251", 5353)).toBe(true);
		expect(isNameServer(NAME_SERVER, 5353)).toBe(false);
		expect(isNameServer("8.8.8.8", 53)).toBe(false);
	});

	test("answers with the addresses that this computer knows, in a form that the device reads", async () => {
		const query = encodeQuery(7, "localhost", false);
		const answer = await answerQuery(query, NAME_SERVER);
		expect(answer && readAnswer(answer, query, "localhost", false)).toEqual({
			kind: "addresses",
			addresses: ["127.0.0.1"],
		});
	});

	test("says that there is no such name; by multicast it says nothing", async () => {
		const query = encodeQuery(7, "no-such-host.invalid", false);
		const answer = await answerQuery(query, NAME_SERVER);
		expect(answer && readAnswer(answer, query, "no-such-host.invalid", false)?.kind).toMatch(/none|failed/);
		const multicast = encodeQuery(0, "no-such-host.invalid", true);
		expect(await answerQuery(multicast, "224.0.0.251")).toBeUndefined();
	});

	test.each([
		["nothing", new Uint8Array(0)],
		["a name that is cut off", encodeQuery(7, "localhost", false).subarray(0, 16)],
		["a pointer for a name", Uint8Array.from([...new Uint8Array(12), 0xc0, 12, 0, 1, 0, 1])],
	])("ignores %s", async (_what, query) => {
		expect(await answerQuery(query, NAME_SERVER)).toBeUndefined();
	});
});

describe("a simulated connection", () => {
	let server: Server;
	let network: Network;
	let events: string[];
	const changed = new Condition();

	beforeEach(async () => {
		server = createServer();
		server.listen(0, "127.0.0.1");
		await once(server, "listening");
		events = [];
	});
	afterEach(() => {
		network.close();
		server.close();
	});

	/** Opens socket 1, which is read as soon as something comes; returns the other end. */
	async function connected(latency = 0): Promise<Socket> {
		const queue = new EventQueue((event) => {
			note(new Reader(event));
			return Promise.resolve();
		});
		network = new Network(queue, {
			mac: "02:00:00:00:00:01",
			latency,
			wifi: new WiFi(queue),
			timeServer: () => undefined,
		});
		const accepted = once(server, "connection");
		network.openTcp(1, (server.address() as AddressInfo).port, "127.0.0.1");
		const [peer] = (await accepted) as [Socket];
		peer.on("error", () => undefined);
		await hears("writable");
		return peer;
	}

	function note(event: Reader): void {
		const id = event.number();
		if (event.kind === EVENT.TCP_WRITABLE) events.push("writable");
		if (event.kind === EVENT.TCP_ERROR) events.push("error");
		if (event.kind === EVENT.TCP_READABLE) events.push(Buffer.from(network.tcp(id).read(event.number())).toString());
		changed.notify();
	}

	/** Resolves once this event, or text, has come. */
	async function hears(event: string): Promise<void> {
		await changed.until(() => (events.includes(event) ? event : undefined));
	}

	test("brings what is sent, both ways, also when everything takes its time", async () => {
		const peer = await connected(20);
		network.tcp(1).write(Buffer.from("ping"));
		const [ping] = (await once(peer, "data")) as [Buffer];
		expect(ping.toString()).toBe("ping");
		peer.write("pong");
		await hears("pong");
		peer.end("last words");
		await hears("error");
		expect(events.slice(-2)).toEqual(["last words", "error"]);
	});

	test("that is reset ends on both sides", async () => {
		const peer = await connected();
		const closed = new Promise((resolve) => peer.once("close", resolve));
		network.reset();
		await hears("error");
		await closed;
	});

	test("that stalls tells nobody, and brings everything later", async () => {
		const peer = await connected();
		const arrived = once(peer, "data");
		network.stall(1_000);
		network.tcp(1).write(Buffer.from("held back"));
		peer.end("this too");
		// What is not held back arrives before a connection that is opened now.
		network.openTcp(2, (server.address() as AddressInfo).port, "127.0.0.1");
		await once(server, "connection");
		expect([events, peer.bytesRead]).toEqual([["writable"], 0]);
		const [bytes] = (await arrived) as [Buffer];
		expect(bytes.toString()).toBe("held back");
		await hears("error");
		expect(events).toEqual(expect.arrayContaining(["this too", "error"]));
	});

	test("gives no more credit than it has buffer, however much the peer leaves unread", async () => {
		const peer = await connected();
		peer.pause();
		network.stall(60_000);
		let credit = network.tcp(1).write(new Uint8Array(5_000));
		expect(credit).toBe(760);
		credit = network.tcp(1).write(new Uint8Array(760));
		expect(credit).toBe(0);
		expect(() => network.tcp(1).write(new Uint8Array(1))).toThrow("would block");
	});

	test("is one of few", async () => {
		await connected();
		const { port } = server.address() as AddressInfo;
		for (let id = 2; id <= 10; id++) network.openTcp(id, port, "127.0.0.1");
		expect(() => network.openTcp(11, port, "127.0.0.1")).toThrow("no socket");
		network.closeTcp(2);
		network.openTcp(11, port, "127.0.0.1");
		expect(() => network.tcp(2)).toThrow("socket is closed");
	});
});
