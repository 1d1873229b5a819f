import { describe, expect, test } from "@jest/globals";
import { AclTable, parseMosquittoAcl } from "../../../src/access/index.ts";
import type { AccessControl } from "../../../src/broker/index.ts";
import { encode, encodeUtf8, type Packet, type ProtocolVersion, REASON } from "../../../src/codec/index.ts";
import { BrokerHarness } from "../../support/broker-harness.ts";
import { lasting } from "../../support/lasting.ts";
import { times } from "../../support/times.ts";

// How brokers have been broken, by class. Packets of the wrong role or at the wrong time are in hostile.test.ts, files of
// rights and passwords that are damaged in test/hosts/auth-files.test.ts.

const VERSIONS: ProtocolVersion[] = [3, 4, 5];

/** Rights by a file of Mosquitto's kind. */
function byAcl(file: string): AccessControl {
	const { rules, faults } = parseMosquittoAcl(file);
	expect(faults).toEqual([]);
	const table = new AclTable(rules);
	return {
		authorizePublish: (client, topic) => table.rightsOf(client).canPublish(topic),
		authorizeSubscribe: (client, filter) => table.rightsOf(client).canSubscribe(filter),
		authorizeDelivery: (client, topic) => table.rightsOf(client).canRead(topic),
	};
}

describe("memory before CONNECT", () => {
	test("cannot be had by announcing a length: too large a one ends the connection with its first bytes", () => {
		const hub = new BrokerHarness({ limits: { maxConnect: 1_000 } });
		const claims = [997, 998, 16_384, 268_435_455];
		const closed = claims.map((length) => {
			const peer = hub.open();
			const bytes = [];
			for (let rest = length; rest > 0; rest >>= 7) bytes.push((rest & 0x7f) | (rest > 127 ? 0x80 : 0));
			peer.sendBytes(new Uint8Array([0x10, ...bytes]));
			return peer.isClosed;
		});
		expect(closed).toEqual([false, true, true, true]);
	});

	test("cannot be held for long: time and places are limited", () => {
		const hub = new BrokerHarness({ limits: { connections: 50, connectTimeout: 10_000 } });
		const slow = times(60, () => hub.open());
		const connect = encode(
			{ cmd: "connect", protocolId: "MQTT", protocolVersion: 4, clean: true, clientId: "c", keepalive: 0 },
			4,
		);
		for (let second = 0; second < 10; second++) {
			const byte = connect.slice(second, second + 1);
			for (const peer of slow) if (!peer.isClosed) peer.sendBytes(byte);
			expect(hub.core.stats.connections).toBe(50);
			hub.advance(1_000);
		}
		expect(hub.core.stats.connections).toBe(0);
	});
});

describe("QoS 2 messages that are never released", () => {
	test.each(VERSIONS)("are bounded, over any number of connections, at level %p", (version) => {
		const limit = 10;
		const hub = new BrokerHarness({ limits: { unreleased: limit, receiveMaximum: limit } });
		let accepted = 0;
		for (let connection = 0; connection < 5; connection++) {
			const client = hub.connect(lasting(version));
			for (let i = 0; i < 20 && !client.isClosed; i++) {
				client.publish("t", "x", { qos: 2, messageId: 1 + connection * 20 + i });
			}
			expect(client.isClosed).toBe(true);
			accepted += client.take().filter(({ cmd }) => cmd === "pubrec").length;
		}
		expect(accepted).toBe(limit);
	});
});

describe("user properties", () => {
	const userProperties = { a: times(101, (i) => `${i}`) };
	const properties = { userProperties };
	const will = { topic: "t", payload: encodeUtf8("x"), qos: 0, retain: false, properties } as const;
	const packets: readonly Packet[] = [
		{
			cmd: "publish",
			topic: "t",
			payload: encodeUtf8("x"),
			qos: 0,
			retain: false,
			dup: false,
			messageId: undefined,
			properties,
		},
		{ cmd: "subscribe", messageId: 1, subscriptions: [{ topic: "t", qos: 0 }], properties },
		{ cmd: "unsubscribe", messageId: 1, unsubscriptions: ["t"], properties },
		{ cmd: "puback", messageId: 1, reasonCode: 0, properties },
		{ cmd: "pubrel", messageId: 1, reasonCode: 0, properties },
		{ cmd: "disconnect", reasonCode: 0, properties },
	];

	test.each(packets)("over the limit in $cmd end the connection", (packet) => {
		const client = new BrokerHarness().connect({ version: 5 });
		client.send(packet);
		expect(client.take()).toMatchObject([{ cmd: "disconnect", reasonCode: REASON.QUOTA_EXCEEDED }]);
		expect(client.isClosed).toBe(true);
	});

	test.each([
		["CONNECT", { properties }],
		["a will", { will }],
	])("over the limit in %s end the connection", (_, options) => {
		const hub = new BrokerHarness();
		const client = hub.open(5);
		client.sendConnect(options);
		expect(client.isClosed).toBe(true);
		expect(hub.core.stats.sessions).toBe(0);
	});
});

describe("names that are wildcards in a pattern of rights", () => {
	test.each([
		["ada", "+"],
		["ada", "#"],
		["ada", "bob/#"],
		["+", "eve"],
		["#", "eve"],
	])("give no more rights: client %p, user %p", (clientId, username) => {
		const hub = new BrokerHarness({ access: byAcl("pattern readwrite user/%u/#\npattern readwrite client/%c/#") });
		const victim = hub.connect({ clientId: "victim", username: "bob" });
		victim.subscribe("#", 1);
		victim.publish("user/bob/door", "open", { retain: true });
		const attacker = hub.connect({ clientId, username });
		attacker.subscribe("#", 1);
		attacker.publish("user/bob/door", "forged", { retain: true });
		attacker.publish("client/victim/door", "forged");
		expect(attacker.messages()).toEqual([]);
		expect(victim.payloads()).toEqual(["open"]);
	});
});

describe("rights are asked", () => {
	const access = byAcl("user ada\ntopic readwrite #\nuser eve\ntopic readwrite public/#");

	test("for retained messages, on subscribing and on going online", () => {
		const hub = new BrokerHarness({ access });
		hub.connect({ clientId: "a", username: "ada" }).publish("secret", "retained", { qos: 1, retain: true });
		const eve = hub.connect({ ...lasting(4, "e"), username: "eve" });
		eve.subscribe("#", 1);
		eve.lose();
		expect(hub.connect({ ...lasting(4, "e"), username: "eve" }).messages()).toEqual([]);
	});

	test("for wills, also retained ones, after a delay and after a restart", () => {
		const hub = new BrokerHarness({ access });
		const will = { topic: "secret", payload: encodeUtf8("forged"), qos: 1, retain: true } as const;
		const delayed = { ...will, properties: { willDelayInterval: 10 } };
		hub.connect({ clientId: "e3", username: "eve", will }).lose();
		const properties = { sessionExpiryInterval: 100 };
		hub.connect({ version: 5, clientId: "e5", username: "eve", will: delayed, properties }).lose();
		hub.crash();
		hub.advance(60_000);
		const ada = hub.connect({ clientId: "a", username: "ada" });
		ada.subscribe("#", 1);
		expect(ada.messages()).toEqual([]);
	});

	test("for what is queued and in flight, when the session's client comes back as somebody else", () => {
		const hub = new BrokerHarness({ access });
		const ada = hub.connect({ ...lasting(4, "shared"), username: "ada" });
		ada.subscribe("#", 1);
		const publisher = hub.connect({ clientId: "p", username: "ada" });
		publisher.publish("secret", "in flight", { qos: 1 });
		ada.lose();
		publisher.publish("secret", "queued", { qos: 1 });
		expect(hub.connect({ ...lasting(4, "shared"), username: "eve" }).messages()).toEqual([]);
	});

	test("and an empty file gives none", () => {
		const hub = new BrokerHarness({ access: byAcl("") });
		const client = hub.connect({ version: 5, clientId: "a", username: "ada" });
		client.publish("t", "x", { qos: 1, retain: true });
		expect(client.takeOne("puback").reasonCode).toBe(REASON.NOT_AUTHORIZED);
		client.subscribe("#");
		hub.core.publish({ topic: "t", payload: encodeUtf8("x"), retain: true }, hub.now);
		hub.drain();
		expect(client.messages()).toEqual([]);
	});
});

describe("matching wildcards", () => {
	test("takes as many steps as there are filters, not as there are ways through them", () => {
		const depth = 30;
		const hub = new BrokerHarness();
		const client = hub.connect();
		// Every level can be reached as itself and as +: 2 to the power of 30 ways for who tries them one by one.
		for (let level = 0; level < depth; level++) {
			client.subscribe([...times(level, () => "a"), "+", ...times(depth - level - 1, () => "a")].join("/"));
			client.subscribe([...times(level, () => "+"), "a", ...times(depth - level - 1, () => "+")].join("/"));
		}
		const topic = times(depth, () => "a").join("/");
		client.publish(topic, "x", { retain: true });
		expect(client.payloads()).toEqual(["x"]);
		client.publish(`${topic}/b`, "y");
		expect(client.payloads()).toEqual([]);
		client.subscribe(`${"+/".repeat(depth - 1)}+`);
		expect(client.payloads()).toEqual(["x"]);
	});
});
