import { describe, expect, test } from "@jest/globals";
import { type ProtocolVersion, type QoS, REASON } from "../../../src/codec/index.ts";
import { BrokerHarness } from "../../support/broker-harness.ts";
import { times } from "../../support/times.ts";

const VERSIONS: ProtocolVersion[] = [3, 4, 5];
const LEVELS: QoS[] = [0, 1, 2];

describe("delivery", () => {
	test.each(VERSIONS.flatMap((from) => VERSIONS.map((to) => [from, to] as const)))(
		"[MQTT-4.3.1-1] [MQTT-4.3.2-2] [MQTT-4.3.3-2] [3.1.1 MQTT-4.3.1-1] [3.1 section 3.3] [3.1 section 4.1] from level %p to level %p, at every QoS, nothing but the version changes",
		(from, to) => {
			const hub = new BrokerHarness();
			const subscriber = hub.connect({ version: to, clientId: "sub" });
			subscriber.acknowledges = true;
			expect(subscriber.subscribe("home/+/temperature", 2)).toEqual([2]);
			const publisher = hub.connect({ version: from, clientId: "pub" });
			for (const qos of LEVELS) publisher.publish("home/kitchen/temperature", `21.${qos}`, { qos });
			expect(subscriber.messages()).toMatchObject(
				LEVELS.map((qos) => ({
					topic: "home/kitchen/temperature",
					payload: `21.${qos}`,
					qos,
					retain: false,
					dup: false,
				})),
			);
		},
	);

	test.each(LEVELS.flatMap((published) => LEVELS.map((granted) => [published, granted] as const)))(
		"[MQTT-3.8.4-8] [3.1.1 MQTT-3.8.4-6] published at QoS %p, subscribed at QoS %p: the lower one counts",
		(published, granted) => {
			for (const version of VERSIONS) {
				const client = new BrokerHarness().connect({ version });
				client.subscribe("t", granted);
				client.publish("t", "x", { qos: published });
				expect(client.messages()).toMatchObject([{ qos: Math.min(published, granted) }]);
			}
		},
	);

	test.each(VERSIONS)("an empty and a large payload arrive whole, at level %p", (version) => {
		const hub = new BrokerHarness();
		const client = hub.connect({ version });
		client.subscribe("t", 1);
		const large = "0123456789".repeat(20_000);
		for (const qos of [0, 1] as const) {
			for (const payload of ["", "x", large]) client.publish("t", payload, { qos });
			expect(client.payloads()).toEqual(["", "x", large]);
		}
	});

	test.each(VERSIONS)(
		"[MQTT-3.3.1-3] [3.1.1 MQTT-3.3.1-3] DUP is the publisher's own affair, at level %p",
		(version) => {
			const client = new BrokerHarness().connect({ version });
			client.subscribe("t", 2);
			client.publish("t", "one", { qos: 1, dup: true });
			client.publish("t", "two", { qos: 2, dup: true });
			expect(client.messages()).toMatchObject([{ dup: false }, { dup: false }]);
		},
	);

	test.each(VERSIONS)(
		"[MQTT-4.6.0-5] [MQTT-4.6.0-6] [3.1.1 MQTT-4.6.0-5] [3.1.1 MQTT-4.6.0-6] [3.1 section 4.3] messages keep their order, whatever their size and QoS level are, at level %p",
		(version) => {
			const hub = new BrokerHarness();
			const subscriber = hub.connect({ version, clientId: "sub" });
			subscriber.acknowledges = true;
			subscriber.subscribe("t", 1);
			const publisher = hub.connect({ clientId: "pub" });
			const payloads = times(300, (i) => `${i}`.padEnd(i % 7 === 0 ? 1_500 : i % 60, "."));
			for (const qos of [0, 1] as const) {
				publisher.send(...payloads.map((payload) => publisher.publishPacket("t", payload, { qos })));
				expect(subscriber.payloads()).toEqual(payloads);
			}
		},
	);

	test("output is gathered: one send for each connection, whatever came in", () => {
		const hub = new BrokerHarness();
		const subscribers = ["a", "b", "c"].map((clientId) => hub.connect({ clientId }));
		for (const subscriber of subscribers) subscriber.subscribe("t", 1);
		const publisher = hub.connect({ clientId: "pub" });
		for (const subscriber of subscribers) subscriber.sends.length = 0;
		publisher.send(...times(50, (i) => publisher.publishPacket("t", "x", { qos: i % 2 ? 1 : 0 })));
		for (const subscriber of subscribers) {
			expect(subscriber.sends.length).toBe(1);
			expect(subscriber.messages().length).toBe(50);
		}
	});

	test("QoS 0 is forwarded as the bytes that came in: one chunk for many messages", () => {
		const hub = new BrokerHarness();
		const subscriber = hub.connect({ clientId: "sub" });
		subscriber.subscribe("t/#", 0);
		const publisher = hub.connect({ clientId: "pub" });
		subscriber.sends.length = 0;
		const packets = times(100, (i) => publisher.publishPacket(`t/${i}`, "some reading"));
		publisher.send(...packets);
		expect(subscriber.sends.map((chunks) => chunks.length)).toEqual([1]);
	});

	test("a publisher gets its own messages, if it subscribed", () => {
		const hub = new BrokerHarness();
		const client = hub.connect();
		client.publish("t", "before");
		client.subscribe("t");
		client.publish("t", "after");
		expect(client.payloads()).toEqual(["after"]);
	});
});

describe("acknowledgements", () => {
	test.each(VERSIONS)(
		"[MQTT-3.3.4-1] [MQTT-2.2.1-5] [MQTT-4.3.2-4] [MQTT-4.3.3-8] [3.1.1 MQTT-3.3.4-1] [3.1.1 MQTT-2.3.1-6] [3.1 section 3.4] [3.1 section 3.5] QoS 0 gets none, QoS 1 PUBACK, QoS 2 PUBREC, at level %p",
		(version) => {
			const hub = new BrokerHarness();
			hub.connect({ version, clientId: "sub" }).subscribe("t");
			const client = hub.connect({ version });
			client.publish("t", "x");
			expect(client.take()).toEqual([]);
			client.publish("t", "x", { qos: 1, messageId: 65_535 });
			expect(client.take()).toEqual([{ cmd: "puback", messageId: 65_535, reasonCode: 0 }]);
			client.publish("t", "x", { qos: 2, messageId: 1 });
			expect(client.take()).toEqual([{ cmd: "pubrec", messageId: 1, reasonCode: 0 }]);
		},
	);

	test("version 5 learns that nobody subscribed", () => {
		const client = new BrokerHarness().connect({ version: 5 });
		client.publish("t", "x", { qos: 1 });
		expect(client.takeOne("puback").reasonCode).toBe(REASON.NO_MATCHING_SUBSCRIBERS);
		client.publish("t", "x", { qos: 2 });
		expect(client.takeOne("pubrec").reasonCode).toBe(REASON.NO_MATCHING_SUBSCRIBERS);
	});

	test("[MQTT-4.6.0-2] [MQTT-4.6.0-3] they go out in the order in which the messages came", () => {
		const client = new BrokerHarness().connect();
		const messages = times(20, (i) => client.publishPacket("t", "x", { qos: i % 3 === 0 ? 2 : 1, messageId: 100 - i }));
		client.send(...messages);
		const ids = client.take().map((packet) => ("messageId" in packet ? packet.messageId : 0));
		expect(ids).toEqual(messages.map(({ messageId }) => messageId));
	});
});

describe("what clients may not publish to", () => {
	test.each(VERSIONS)("$SYS belongs to the broker, at level %p", (version) => {
		const hub = new BrokerHarness();
		const watcher = hub.connect({ clientId: "watcher" });
		watcher.subscribe("$SYS/#");
		const client = hub.connect({ version });
		for (const topic of ["$SYS", "$SYS/broker/uptime"]) {
			client.publish(topic, "forged", { retain: true });
			client.publish(topic, "forged", { qos: 1, retain: true });
			expect(client.takeOne("puback").reasonCode).toBe(version === 5 ? REASON.NOT_AUTHORIZED : 0);
		}
		expect(watcher.messages()).toEqual([]);
		expect(hub.core.stats).toMatchObject({ retainedMessages: 0, publishRefused: 4 });
		expect(client.isClosed).toBe(false);
	});

	test("the broker itself publishes there", () => {
		const hub = new BrokerHarness();
		const watcher = hub.connect();
		watcher.subscribe("$SYS/#");
		hub.core.publish({ topic: "$SYS/broker/uptime", payload: new Uint8Array([0x31]), retain: true }, hub.now);
		hub.drain();
		expect(watcher.payloads()).toEqual(["1"]);
		expect(() => hub.core.publish({ topic: "a/+", payload: new Uint8Array() }, hub.now)).toThrow("wildcard");
	});

	test("a topic with more levels than the limit is refused", () => {
		const hub = new BrokerHarness({ limits: { topicLevels: 3 } });
		const client = hub.connect({ version: 5 });
		client.publish("a/b/c", "x", { qos: 1 });
		expect(client.takeOne("puback").reasonCode).toBe(REASON.NO_MATCHING_SUBSCRIBERS);
		client.publish("a/b/c/d", "x", { qos: 1 });
		const { reasonCode, properties } = client.takeOne("puback");
		expect(reasonCode).toBe(REASON.TOPIC_NAME_INVALID);
		expect(properties?.reasonString).toContain("more than 3 levels");
	});

	test("[MQTT-3.1.2-29] reasons are left out for a client that does not want them", () => {
		const hub = new BrokerHarness({ limits: { topicLevels: 1 } });
		const client = hub.connect({ version: 5, properties: { requestProblemInformation: false } });
		client.publish("a/b", "x", { qos: 1 });
		expect(client.takeOne("puback")).toEqual({ cmd: "puback", messageId: 1, reasonCode: REASON.TOPIC_NAME_INVALID });
	});

	test("[MQTT-3.4.2-2] a reason that would make the acknowledgement too large is left out", () => {
		const hub = new BrokerHarness({ limits: { topicLevels: 1 } });
		const client = hub.connect({ version: 5, properties: { maximumPacketSize: 30 } });
		client.publish("a/b", "x", { qos: 1 });
		expect(client.takeOne("puback").properties).toBeUndefined();
	});
});

describe("properties of version 5", () => {
	const properties = {
		payloadFormatIndicator: true,
		contentType: "text/plain",
		responseTopic: "replies/1",
		correlationData: new Uint8Array([1, 2, 3]),
		userProperties: { b: ["2", "1"], a: "3" },
	};

	test.each(LEVELS)(
		"[MQTT-3.3.2-4] [MQTT-3.3.2-15] [MQTT-3.3.2-16] [MQTT-3.3.2-17] [MQTT-3.3.2-20] pass through unaltered, at QoS %p",
		(qos) => {
			const hub = new BrokerHarness();
			const client = hub.connect({ version: 5 });
			client.subscribe("t", 2);
			client.publish("t", "x", { qos, properties });
			expect(client.messages()[0]?.properties).toEqual(properties);
		},
	);

	test("are not sent to 3.1.1, and its messages have none", () => {
		const hub = new BrokerHarness();
		const old = hub.connect({ version: 4, clientId: "old" });
		old.subscribe("t");
		const young = hub.connect({ version: 5, clientId: "new" });
		young.subscribe("t");
		young.publish("t", "from 5", { properties });
		old.publish("t", "from 4");
		expect(old.messages()).toMatchObject([{ payload: "from 5" }, { payload: "from 4" }]);
		expect(young.messages()[1]?.properties).toBeUndefined();
	});

	test("survive in the queue of a client that is away", () => {
		const hub = new BrokerHarness();
		const options = { version: 5, clientId: "sub", clean: false, properties: { sessionExpiryInterval: 100 } } as const;
		const subscriber = hub.connect(options);
		subscriber.subscribe("t", 1);
		subscriber.lose();
		hub.connect({ version: 5, clientId: "pub" }).publish("t", "x", { qos: 1, properties });
		expect(hub.connect(options).messages()[0]?.properties).toEqual(properties);
	});

	test("[MQTT-3.3.4-6] a subscription identifier from a client is a protocol error", () => {
		const client = new BrokerHarness().connect({ version: 5 });
		client.publish("t", "x", { properties: { subscriptionIdentifier: [1] } });
		expect(client.takeOne("disconnect").reasonCode).toBe(REASON.PROTOCOL_ERROR);
	});

	test("too many user properties are refused", () => {
		const hub = new BrokerHarness({ limits: { userProperties: 3 } });
		const client = hub.connect({ version: 5 });
		client.publish("t", "x", { properties: { userProperties: { a: ["1", "2", "3"] } } });
		expect(client.isClosed).toBe(false);
		client.publish("t", "x", { properties: { userProperties: { a: ["1", "2", "3", "4"] } } });
		expect(client.takeOne("disconnect").reasonCode).toBe(REASON.QUOTA_EXCEEDED);
	});
});

describe("topic aliases of a client", () => {
	const alias = (topicAlias: number) => ({ properties: { topicAlias } });

	test("[MQTT-3.3.2-12] stand for the topic that was sent with them last", () => {
		const hub = new BrokerHarness({ limits: { topicAliases: 2 } });
		const client = hub.connect({ version: 5 });
		client.subscribe("#");
		client.publish("a", "1", alias(1));
		client.publish("b", "2", alias(2));
		client.publish("", "3", alias(1));
		client.publish("c", "4", alias(1));
		client.publish("", "5", alias(1));
		expect(client.messages().map(({ topic, payload }) => topic + payload)).toEqual(["a1", "b2", "a3", "c4", "c5"]);
	});

	test("are not passed on", () => {
		const client = new BrokerHarness().connect({ version: 5 });
		client.subscribe("a");
		client.publish("a", "1", alias(1));
		client.publish("", "2", alias(1));
		expect(client.messages().map(({ properties }) => properties?.topicAlias)).toEqual([undefined, undefined]);
	});

	test("[MQTT-3.3.2-7] end with the connection", () => {
		const hub = new BrokerHarness();
		hub.connect({ version: 5 }).publish("a", "1", alias(1));
		const client = hub.connect({ version: 5 });
		client.publish("", "2", alias(1));
		expect(client.takeOne("disconnect").reasonCode).toBe(REASON.PROTOCOL_ERROR);
	});

	test("[MQTT-3.3.2-9] over the limit are an error", () => {
		const client = new BrokerHarness({ limits: { topicAliases: 2 } }).connect({ version: 5 });
		client.publish("a", "1", alias(3));
		expect(client.takeOne("disconnect").reasonCode).toBe(REASON.TOPIC_ALIAS_INVALID);
	});
});

describe("topic aliases of the broker", () => {
	test("[MQTT-3.1.2-26] [MQTT-3.3.2-11] shorten the topics of a client that accepts some", () => {
		const hub = new BrokerHarness();
		const client = hub.connect({ version: 5, properties: { topicAliasMaximum: 2 } });
		client.subscribe("#", 1);
		for (const topic of ["a", "b", "c", "a", "b", "c"]) client.publish(topic, topic, { qos: 1 });
		const seen = client.messages().map(({ topic, payload, properties }) => [topic, properties?.topicAlias, payload]);
		expect(seen).toEqual([
			["a", 1, "a"],
			["b", 2, "b"],
			["c", undefined, "c"],
			["", 1, "a"],
			["", 2, "b"],
			["c", undefined, "c"],
		]);
	});

	test("[MQTT-3.1.2-27] are not sent to a client that accepts none", () => {
		const client = new BrokerHarness().connect({ version: 5 });
		client.subscribe("#");
		client.publish("a", "x");
		client.publish("a", "x");
		expect(client.messages().map(({ properties }) => properties)).toEqual([undefined, undefined]);
	});
});
