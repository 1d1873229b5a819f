import { describe, expect, test } from "@jest/globals";
import { encode, type ProtocolVersion, REASON } from "../../../src/codec/index.ts";
import { BrokerHarness } from "../../support/broker-harness.ts";

const VERSIONS: ProtocolVersion[] = [3, 4, 5];

/** A CONNECT with any protocol name, level and flags, keep alive 0, and a client id of one character or none. */
function connectOf(name: string, level: number, flags = 2, clientId: "x" | "" = "x"): Uint8Array {
	const head = [0, name.length, ...[...name].map((letter) => letter.charCodeAt(0)), level, flags, 0, 0];
	const properties = level > 4 ? [0] : [];
	const body = [...head, ...properties, 0, clientId.length, ...(clientId === "x" ? [0x78] : [])];
	return new Uint8Array([0x10, body.length, ...body]);
}

describe("CONNECT", () => {
	test.each(VERSIONS)(
		"[MQTT-3.1.4-5] [3.1.1 MQTT-3.1.4-4] [3.1 section 3.1, Response] is accepted at protocol level %p",
		(version) => {
			const hub = new BrokerHarness();
			const client = hub.connect({ version, clientId: "kitchen", username: "ada", password: new Uint8Array([1]) });
			expect(client.connack).toMatchObject({ reasonCode: 0, sessionPresent: false });
			expect(hub.eventsOf("connected")).toMatchObject([
				{ clientId: "kitchen", username: "ada", version, sessionPresent: false },
			]);
			expect(hub.core.stats).toMatchObject({ clientsConnected: 1, sessions: 1, connections: 1 });
		},
	);

	test("[MQTT-3.1.0-1] [3.1.1 MQTT-3.1.0-1] [3.1 section 3.1, First message] anything else first closes the connection", () => {
		const hub = new BrokerHarness();
		const client = hub.open(4);
		client.send({ cmd: "pingreq" });
		expect(client.isClosed).toBe(true);
		expect(client.packets).toEqual([]);
		expect(hub.eventsOf("refused")).toMatchObject([{ reasonCode: REASON.PROTOCOL_ERROR }]);
	});

	test.each(VERSIONS)(
		"[MQTT-3.1.0-2] [3.1.1 MQTT-3.1.0-2] [3.1 section 3.1, First message] a second one closes the connection, at level %p",
		(version) => {
			const hub = new BrokerHarness();
			const client = hub.connect({ version, clientId: "a" });
			client.sendConnect({ clientId: "a" });
			expect(client.isClosed).toBe(true);
			if (version === 5) expect(client.takeOne("disconnect").reasonCode).toBe(REASON.PROTOCOL_ERROR);
			else expect(client.packets).toEqual([]);
		},
	);

	test.each(VERSIONS.flatMap((version) => [3, 4, 5, 9, 0x84].map((level) => ({ version, level }))))(
		"a second one of level $level does not change the version of the goodbye to a client of level $version",
		({ version, level }) => {
			const hub = new BrokerHarness();
			const client = hub.connect({ version, clientId: "a" });
			client.sendBytes(connectOf(level === 3 ? "MQIsdp" : "MQTT", level));
			expect(client.isClosed).toBe(true);
			if (version === 5) expect(client.takeOne("disconnect").reasonCode).toBe(REASON.PROTOCOL_ERROR);
			else expect(client.packets).toEqual([]);
			expect(hub.events.filter(({ kind }) => kind === "fault")).toEqual([]);
			expect(hub.events).toContainEqual(expect.objectContaining({ kind: "disconnected", version }));
		},
	);

	test("must come within the time for it", () => {
		const hub = new BrokerHarness({ limits: { connectTimeout: 5_000 } });
		const client = hub.open();
		client.sendBytes(new Uint8Array([0x10]));
		hub.advance(4_999);
		expect(client.isClosed).toBe(false);
		hub.advance(1);
		expect(client.isClosed).toBe(true);
		expect(hub.core.nextTimeout()).toBeUndefined();
	});

	test("may be no longer than the limit before it is read", () => {
		const hub = new BrokerHarness({ limits: { maxConnect: 100 } });
		const client = hub.open();
		client.sendBytes(new Uint8Array([0x10, 0xff, 0xff, 0x7f]));
		expect(client.isClosed).toBe(true);
		expect(hub.eventsOf("refused")).toMatchObject([{ reasonCode: REASON.PACKET_TOO_LARGE }]);
	});

	test("is read byte by byte as well", () => {
		const hub = new BrokerHarness();
		const client = hub.open(4);
		const packet = { cmd: "connect", protocolId: "MQTT", protocolVersion: 4, clean: true, clientId: "a", keepalive: 0 };
		client.sendBytes(encode(packet as Parameters<typeof encode>[0], 4), 1);
		expect(client.takeOne("connack").reasonCode).toBe(0);
	});
});

describe("an unsupported version", () => {
	test("[3.1.1 MQTT-3.1.2-2] [3.1 section 3.1, Protocol version] a level below 5 gets return code 1 and is closed", () => {
		const hub = new BrokerHarness();
		for (const [name, level] of [
			["MQTT", 2],
			["MQTT", 3],
			["MQIsdp", 4],
			["MQIsdp", 2],
			["MQTT", 0x84],
			["MQIsdp", 0x83],
		] as const) {
			const client = hub.open(4);
			client.sendBytes(connectOf(name, level));
			expect(client.takeOne("connack")).toMatchObject({ reasonCode: 1, sessionPresent: false });
			expect(client.isClosed).toBe(true);
		}
	});

	test("[MQTT-3.1.2-2] a level above 5 gets reason code 0x84 and is closed", () => {
		const hub = new BrokerHarness();
		const client = hub.open(5);
		client.sendBytes(connectOf("MQTT", 6));
		expect(client.takeOne("connack").reasonCode).toBe(REASON.UNSUPPORTED_PROTOCOL_VERSION);
		expect(client.isClosed).toBe(true);
	});

	test("[MQTT-3.1.2-1] [3.1.1 MQTT-3.1.2-1] [3.1 section 3.1, Protocol name] another protocol is closed without a word", () => {
		const hub = new BrokerHarness();
		const client = hub.open(4);
		client.sendBytes(connectOf("HTTP", 4));
		expect(client.packets).toEqual([]);
		expect(client.isClosed).toBe(true);
	});
});

describe("the client id", () => {
	test.each(VERSIONS)(
		"[3.1 section 3.1, Client Identifier] may be longer than 23 characters, at level %p",
		(version) => {
			const hub = new BrokerHarness();
			const clientId = "owntracks-phone-of-somebody/with-a-long-name";
			hub.connect({ version, clientId });
			expect(hub.eventsOf("connected")).toMatchObject([{ clientId }]);
		},
	);

	test("[MQTT-3.1.3-6] [MQTT-3.1.3-7] [3.1.1 MQTT-3.1.3-6] may be empty in 3.1.1 with clean session, and in 5", () => {
		const hub = new BrokerHarness();
		hub.connect({ version: 4, clientId: "", clean: true });
		const client = hub.open(5);
		client.sendBytes(connectOf("MQTT", 5, 0, ""));
		const [first, second] = hub.eventsOf("connected").map(({ clientId }) => clientId);
		expect(first).not.toBe("");
		expect(second).not.toBe(first);
		// [MQTT-3.1.3-7] the server tells which one it chose
		expect(client.takeOne("connack").properties?.assignedClientIdentifier).toBe(second);
	});

	test("[3.1.1 MQTT-3.1.3-8] [3.1 section 3.1, Client Identifier] an empty one without clean session is refused with code 2 in 3.1.1, always in 3.1", () => {
		const hub = new BrokerHarness();
		for (const [name, level, flags] of [
			["MQTT", 4, 0],
			["MQIsdp", 3, 2],
			["MQIsdp", 3, 0],
		] as const) {
			const client = hub.open(4);
			client.sendBytes(connectOf(name, level, flags, ""));
			expect(client.takeOne("connack").reasonCode).toBe(2);
			expect(client.isClosed).toBe(true);
		}
	});

	test("is a name like any other: slashes, wildcards and __proto__ are ordinary characters", () => {
		const hub = new BrokerHarness();
		const ids = ["a/b", "#", "+", "__proto__", "constructor", "$SYS", " "];
		for (const clientId of ids) hub.connect({ clientId });
		expect(hub.core.stats).toMatchObject({ sessions: ids.length, clientsConnected: ids.length });
	});
});

describe("a CONNECT for a client that is connected", () => {
	test.each(VERSIONS)(
		"[MQTT-3.1.4-3] [3.1.1 MQTT-3.1.4-2] [3.1 section 3.1, Response] the old connection is closed, at level %p",
		(version) => {
			const hub = new BrokerHarness();
			const old = hub.connect({ version, clientId: "a" });
			const client = hub.connect({ version, clientId: "a" });
			expect(old.isClosed).toBe(true);
			expect(client.isClosed).toBe(false);
			if (version === 5) expect(old.takeOne("disconnect").reasonCode).toBe(REASON.SESSION_TAKEN_OVER);
			expect(hub.core.stats.clientsConnected).toBe(1);
			expect(hub.eventsOf("disconnected")).toMatchObject([{ reasonCode: REASON.SESSION_TAKEN_OVER }]);
		},
	);

	test("the old connection's late end does the new one no harm", () => {
		const hub = new BrokerHarness();
		const old = hub.connect({ clientId: "a" });
		const client = hub.connect({ clientId: "a" });
		hub.lose(old.connection);
		client.send({ cmd: "pingreq" });
		expect(client.takeOne("pingresp")).toBeDefined();
	});
});

describe("CONNACK of version 5", () => {
	test("tells the truth about the broker", () => {
		const limits = { receiveMaximum: 20, maxPacket: 5_000, topicAliases: 3, sessionExpiry: 600, retainedMessages: 0 };
		const hub = new BrokerHarness({ limits });
		const client = hub.connect({ version: 5, properties: { sessionExpiryInterval: 3_600 } });
		expect(client.connack?.properties).toMatchObject({
			receiveMaximum: 20,
			maximumPacketSize: 5_000,
			topicAliasMaximum: 3,
			sessionExpiryInterval: 600,
			retainAvailable: false,
		});
	});

	test("holds for its connection, and later ones are told other limits", () => {
		const hub = new BrokerHarness({ limits: { receiveMaximum: 2, maxPacket: 200, maxConnect: 100, topicAliases: 3 } });
		const old = hub.connect({ version: 5, clientId: "old" });
		const pending = hub.open(5);
		hub.core.changeLimits({ receiveMaximum: 1, maxPacket: 150, topicAliases: 0 });
		pending.sendConnect({ clientId: "pending" });
		const later = hub.connect({ version: 5, clientId: "later" });
		const told = { receiveMaximum: 2, maximumPacketSize: 200, topicAliasMaximum: 3 };
		expect(pending.takeOne("connack")?.properties).toMatchObject(told);
		expect(later.connack?.properties).toMatchObject({
			receiveMaximum: 1,
			maximumPacketSize: 150,
			topicAliasMaximum: 0,
		});
		for (const messageId of [1, 2]) old.publish("t", "x".repeat(170), { qos: 2, messageId });
		old.publish("t", "", { properties: { topicAlias: 3 } });
		expect(old.isClosed).toBe(false);
		later.publish("t", "", { properties: { topicAlias: 1 } });
		expect(later.takeOne("disconnect")).toMatchObject({ reasonCode: REASON.TOPIC_ALIAS_INVALID });
		const longer = hub.connect({ version: 5, clientId: "longer" });
		longer.publish("t", "x".repeat(170));
		expect(longer.takeOne("disconnect")).toMatchObject({ reasonCode: REASON.PACKET_TOO_LARGE });
	});

	test("is what a session is held to that began with less", () => {
		const hub = new BrokerHarness({ limits: { receiveMaximum: 2, unreleased: 2 } });
		const options = { version: 5, clientId: "a", clean: false, properties: { sessionExpiryInterval: 100 } } as const;
		hub.connect(options).lose();
		hub.core.changeLimits({ receiveMaximum: 4 });
		const subscriber = hub.connect({ clientId: "sub" });
		subscriber.subscribe("t", 0);
		const client = hub.connect(options);
		for (const messageId of [1, 2, 3, 4, 4]) client.publish("t", `${messageId}`, { qos: 2, messageId, dup: true });
		expect(subscriber.payloads()).toEqual(["1", "2", "3", "4"]);
	});

	test("says nothing of what was granted as asked", () => {
		const client = new BrokerHarness().connect({
			version: 5,
			keepalive: 30,
			properties: { sessionExpiryInterval: 10 },
		});
		const properties = client.connack?.properties ?? {};
		expect(Object.keys(properties)).not.toContain("sessionExpiryInterval");
		expect(Object.keys(properties)).not.toContain("serverKeepAlive");
		expect(Object.keys(properties)).not.toContain("assignedClientIdentifier");
	});

	test("[MQTT-3.1.2-21] sets the keep alive that the client must use", () => {
		const hub = new BrokerHarness({ serverKeepAlive: 60 });
		expect(hub.connect({ version: 5, keepalive: 120 }).connack?.properties?.serverKeepAlive).toBe(60);
		expect(hub.connect({ version: 5, keepalive: 0 }).connack?.properties?.serverKeepAlive).toBe(60);
		expect(hub.connect({ version: 5, keepalive: 20 }).connack?.properties?.serverKeepAlive).toBeUndefined();
	});

	test("[MQTT-3.1.2-28] has response information only on request", () => {
		const hub = new BrokerHarness({ responseInformation: (clientId) => `replies/${clientId}` });
		const asking = hub.connect({ version: 5, clientId: "a", properties: { requestResponseInformation: true } });
		expect(asking.connack?.properties?.responseInformation).toBe("replies/a");
		const other = hub.connect({ version: 5, clientId: "b" });
		expect(other.connack?.properties?.responseInformation).toBeUndefined();
	});

	test("[MQTT-3.2.2-19] is short enough for the client", () => {
		const hub = new BrokerHarness({ authenticate: () => ({ allow: false, reasonCode: REASON.BANNED }) });
		const client = hub.open(5);
		client.sendConnect({ properties: { maximumPacketSize: 6 } });
		expect(client.takeOne("connack")).toMatchObject({ reasonCode: REASON.BANNED });
		expect(client.sends).toEqual([[5]]);
	});
});

describe("too many", () => {
	test("connections are turned away, once reported", () => {
		const hub = new BrokerHarness({ limits: { connections: 2 } });
		hub.connect({ clientId: "a" });
		hub.open();
		for (let i = 0; i < 3; i++) expect(hub.open().isClosed).toBe(true);
		expect(hub.eventsOf("limit")).toMatchObject([{ limit: "connections" }]);
		expect(hub.core.stats).toMatchObject({ connections: 2, connectionsRefused: 3 });
	});

	test("a connection that ends makes room again, also after a bad CONNECT", () => {
		const hub = new BrokerHarness({ limits: { connections: 1 } });
		for (let i = 0; i < 5; i++) {
			const client = hub.open();
			client.sendBytes(new Uint8Array([0x10, 2, 0, 0]));
			expect(client.isClosed).toBe(true);
		}
		hub.connect({ clientId: "a" });
	});

	test.each([
		[3, 3],
		[4, 3],
		[5, REASON.QUOTA_EXCEEDED],
	] as const)("sessions are refused, at level %p with code %p", (version, code) => {
		const hub = new BrokerHarness({ limits: { sessions: 1 } });
		hub.connect({ clientId: "a" });
		const client = hub.open(version);
		client.sendConnect({ clientId: "b" });
		expect(client.takeOne("connack").reasonCode).toBe(code);
		expect(client.isClosed).toBe(true);
		hub.connect({ clientId: "a" });
	});
});
