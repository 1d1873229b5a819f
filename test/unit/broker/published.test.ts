import { describe, expect, test } from "@jest/globals";
import type { PublishedMessage } from "../../../src/broker/index.ts";
import { decodeUtf8, encodeUtf8, type ProtocolVersion, type QoS, REASON } from "../../../src/codec/index.ts";
import { BrokerHarness, type HarnessOptions } from "../../support/broker-harness.ts";
import type { BrokerPeer, ConnectOptions } from "../../support/broker-peer.ts";
import { times } from "../../support/times.ts";

const LEVELS: QoS[] = [0, 1, 2];
const VERSIONS: ProtocolVersion[] = [3, 4, 5];
const LASTING = { version: 5, clean: false, properties: { sessionExpiryInterval: 3_600 } } as const;

function announcing(options?: HarnessOptions): BrokerHarness {
	const hub = new BrokerHarness(options);
	hub.core.announcePublished(true);
	return hub;
}

/** A hub whose batches become durable when the test says so, with a lasting subscriber to `kept`, who is away. */
function waiting(options: HarnessOptions = {}): { hub: BrokerHarness; publisher: BrokerPeer } {
	const hub = announcing({ commitsAtOnce: false, ...options });
	const subscriber = joined(hub, { ...LASTING, clientId: "sub" });
	subscriber.send({ cmd: "subscribe", messageId: 1, subscriptions: [{ topic: "kept", qos: 2 }] });
	subscriber.lose();
	hub.commit();
	return { hub, publisher: joined(hub, { ...LASTING, clientId: "pub" }) };
}

function joined(hub: BrokerHarness, options: ConnectOptions): BrokerPeer {
	const client = hub.open(options.version);
	client.sendConnect(options);
	hub.commit();
	client.takeOne("connack");
	return client;
}

function texts(messages: readonly PublishedMessage[]): string[] {
	return messages.map(({ topic, payload }) => `${topic}=${decodeUtf8(payload, 0, payload.length)}`);
}

describe("the messages of clients", () => {
	test.each(VERSIONS)("are announced with who sent them and all that they said, at level %p", (version) => {
		const hub = announcing();
		const client = hub.connect({ version, clientId: "a", username: "anna", password: new Uint8Array(1) });
		for (const qos of LEVELS) client.publish("t", `${qos}`, { qos, retain: qos === 1 });
		const common = { clientId: "a", username: "anna", topic: "t", properties: undefined, isWill: false };
		expect(hub.published).toEqual(
			LEVELS.map((qos) => ({ ...common, qos, retain: qos === 1, payload: encodeUtf8(`${qos}`) })),
		);
	});

	test("have their properties of MQTT 5, and the topic that an alias stands for", () => {
		const hub = announcing();
		const client = hub.connect({ version: 5, clientId: "a" });
		const userProperties = { unit: "°C" };
		client.publish("long/topic", "1", { properties: { topicAlias: 1, userProperties, messageExpiryInterval: 60 } });
		client.publish("", "2", { properties: { topicAlias: 1 } });
		expect(hub.published).toMatchObject([{ topic: "long/topic" }, { topic: "long/topic" }]);
		expect(hub.published.map(({ properties }) => properties)).toEqual([
			{ userProperties, messageExpiryInterval: 60 },
			undefined,
		]);
	});

	test("are not announced until somebody wants it, and not any more when nobody does", () => {
		const hub = new BrokerHarness();
		const client = hub.connect();
		client.publish("t", "before");
		hub.core.announcePublished(true);
		client.publish("t", "while");
		hub.core.announcePublished(false);
		client.publish("t", "after");
		expect(texts(hub.published)).toEqual(["t=while"]);
	});

	test("are announced with a payload of their own: writing to it changes nothing for subscribers", () => {
		const { hub, publisher } = waiting({ commitsAtOnce: true });
		publisher.publish("kept", "as sent", { qos: 1, retain: true });
		hub.published[0]?.payload.fill(0);
		const subscriber = hub.connect({ ...LASTING, clientId: "sub" });
		subscriber.subscribe("kept", 1);
		expect(subscriber.payloads()).toEqual(["as sent", "as sent"]);
	});

	test.each(VERSIONS)("are not announced when they are refused, at level %p", (version) => {
		const access = {
			authorizePublish: (_: unknown, topic: string) => topic !== "forbidden",
			authorizeSubscribe: () => true,
			authorizeDelivery: () => true,
		};
		const hub = announcing({ access });
		const client = hub.connect({ version, clientId: "a" });
		for (const qos of LEVELS) client.publish("forbidden", "", { qos });
		client.publish("$SYS/uptime", "forever");
		client.publish("t", "allowed");
		expect(texts(hub.published)).toEqual(["t=allowed"]);
	});

	test("of QoS 2 are announced once, however often they are sent", () => {
		const hub = announcing();
		const client = hub.connect({ version: 5, clientId: "a" });
		const messageId = client.publish("t", "once", { qos: 2 });
		client.publish("t", "once", { qos: 2, messageId, dup: true });
		client.send({ cmd: "pubrel", messageId, reasonCode: 0 });
		expect(texts(hub.published)).toEqual(["t=once"]);
	});

	test("that the host publishes itself are not announced", () => {
		const hub = announcing();
		hub.core.publish({ topic: "t", payload: encodeUtf8("own"), qos: 1, retain: true }, hub.now);
		hub.drain();
		expect(hub.published).toEqual([]);
	});
});

describe("an announcement", () => {
	test.each([1, 2] as const)("at QoS %p waits as the acknowledgement does", (qos) => {
		const { hub, publisher } = waiting();
		publisher.publish("kept", "safe", { qos });
		expect(publisher.take()).toEqual([]);
		expect(hub.published).toEqual([]);
		hub.commit();
		expect(publisher.take()).toHaveLength(1);
		expect(texts(hub.published)).toEqual(["kept=safe"]);
	});

	test("at QoS 0 waits for nothing", () => {
		const { hub, publisher } = waiting();
		publisher.publish("kept", "retained", { retain: true });
		expect(hub.batches).not.toEqual([]);
		expect(texts(hub.published)).toEqual(["kept=retained"]);
	});

	test("does not overtake an earlier one of the same client that waits", () => {
		const { hub, publisher } = waiting();
		publisher.publish("kept", "first", { qos: 1 });
		publisher.publish("elsewhere", "second", { qos: 1 });
		expect(hub.published).toEqual([]);
		hub.commit();
		expect(texts(hub.published)).toEqual(["kept=first", "elsewhere=second"]);
	});

	test("does not wait for other clients' messages", () => {
		const { hub, publisher } = waiting();
		const other = joined(hub, { version: 4, clientId: "other" });
		publisher.publish("kept", "slow", { qos: 1 });
		other.publish("elsewhere", "quick", { qos: 1 });
		expect(texts(hub.published)).toEqual(["elsewhere=quick"]);
	});

	test("comes also when the publisher has gone in the meantime", () => {
		const { hub, publisher } = waiting();
		publisher.publish("kept", "last words", { qos: 1 });
		publisher.lose();
		hub.commit();
		expect(texts(hub.published)).toEqual(["kept=last words"]);
	});

	test("counts towards what may wait for the store: beyond that the publisher is not read from", () => {
		const { hub, publisher } = waiting({ limits: { uncommittedBytes: 1_000 } });
		publisher.publish("kept", "", { qos: 1 });
		// These write nothing: only their announcements wait, for the order's sake.
		times(6, () => publisher.publish("elsewhere", "x".repeat(200), { qos: 1 }));
		expect(publisher.isRead).toBe(false);
		hub.commit();
		expect(publisher.isRead).toBe(true);
		expect(hub.published).toHaveLength(7);
	});

	test.each([
		["user properties", 6, { userProperties: { name: "x".repeat(1_000), names: ["x".repeat(500), "x".repeat(500)] } }],
		["correlation data", 6, { correlationData: new Uint8Array(2_000) }],
		["a response topic and a content type", 6, { responseTopic: "x".repeat(1_000), contentType: "x".repeat(1_000) }],
		["nothing at all", 60, {}],
	])("counts with %s in it, too", (_, count, properties) => {
		const { hub, publisher } = waiting({ limits: { uncommittedBytes: 10_000 } });
		publisher.publish("kept", "", { qos: 1 });
		times(count, () => publisher.publish("elsewhere", "", { qos: 1, properties }));
		expect(publisher.isRead).toBe(false);
		hub.commit();
		expect(publisher.isRead).toBe(true);
		expect(hub.published).toHaveLength(count + 1);
	});

	test("waits out a store that takes no writes; what is refused then has none", () => {
		const { hub, publisher } = waiting();
		publisher.publish("kept", "before", { qos: 1 });
		hub.core.storeAvailable(false, hub.now);
		hub.drain();
		publisher.publish("kept", "refused", { qos: 1 });
		publisher.publish("kept", "lossy");
		expect(publisher.take()).toMatchObject(times(2, () => ({ reasonCode: REASON.QUOTA_EXCEEDED })));
		expect(texts(hub.published)).toEqual(["kept=lossy"]);
		hub.core.storeAvailable(true, hub.now);
		hub.commit();
		expect(texts(hub.published)).toEqual(["kept=lossy", "kept=before"]);
	});
});

describe("a will", () => {
	const will = { topic: "status", payload: encodeUtf8("gone"), qos: 1, retain: true } as const;

	test.each(VERSIONS)("is announced when it is published, at level %p", (version) => {
		const hub = announcing();
		hub.connect({ version, clientId: "a", username: "anna", password: new Uint8Array(1), will }).lose();
		expect(hub.published).toEqual([{ ...will, clientId: "a", username: "anna", properties: undefined, isWill: true }]);
	});

	test("waits until it is safe", () => {
		const { hub } = waiting();
		joined(hub, { version: 5, clientId: "a", will: { ...will, topic: "kept" } }).lose();
		expect(hub.published).toEqual([]);
		hub.commit();
		expect(texts(hub.published)).toEqual(["kept=gone"]);
	});

	test("that may not be published is not announced", () => {
		const access = { authorizePublish: () => false, authorizeSubscribe: () => true, authorizeDelivery: () => true };
		const hub = announcing({ access });
		hub.connect({ version: 5, clientId: "a", will }).lose();
		expect(hub.published).toEqual([]);
	});
});
