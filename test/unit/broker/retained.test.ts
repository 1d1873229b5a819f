import { describe, expect, test } from "@jest/globals";
import { type ProtocolVersion, REASON } from "../../../src/codec/index.ts";
import { BrokerHarness } from "../../support/broker-harness.ts";
import { times } from "../../support/times.ts";

const VERSIONS: ProtocolVersion[] = [3, 4, 5];

describe.each(VERSIONS)("retained messages, at level %p", (version) => {
	test("[MQTT-3.3.1-5] [3.1.1 MQTT-3.3.1-5] [3.1.1 MQTT-3.3.1-6] [3.1.1 MQTT-3.3.1-7] [3.1.1 MQTT-3.3.1-8] [3.1 section 2.1, RETAIN] the last one of a topic is sent on subscribing, with RETAIN", () => {
		const hub = new BrokerHarness();
		const publisher = hub.connect({ version, clientId: "pub" });
		for (const qos of [0, 1, 2] as const) {
			publisher.publish(`t/${qos}`, "old", { qos, retain: true });
			publisher.publish(`t/${qos}`, "new", { qos, retain: true });
		}
		const client = hub.connect({ version });
		client.subscribe("t/#", 2);
		expect(client.messages()).toMatchObject([
			{ topic: "t/0", payload: "new", qos: 0, retain: true, dup: false },
			{ topic: "t/1", payload: "new", qos: 1, retain: true, dup: false },
			{ topic: "t/2", payload: "new", qos: 2, retain: true, dup: false },
		]);
	});

	test("[MQTT-3.3.1-6] [MQTT-3.3.1-7] [3.1.1 MQTT-3.3.1-9] [3.1.1 MQTT-3.3.1-10] [3.1.1 MQTT-3.3.1-11] an empty one removes it, and goes to those who are subscribed", () => {
		const hub = new BrokerHarness();
		const client = hub.connect({ version });
		client.publish("t", "x", { retain: true });
		client.subscribe("t");
		client.messages();
		client.publish("t", "", { retain: true });
		expect(client.messages()).toMatchObject([{ payload: "", retain: false }]);
		const late = hub.connect({ version, clientId: "late" });
		late.subscribe("t");
		expect(late.messages()).toEqual([]);
		expect(hub.core.stats).toMatchObject({ retainedMessages: 0, retainedBytes: 0, storedMessages: 0 });
	});

	test("[MQTT-3.3.1-8] [3.1.1 MQTT-3.3.1-12] one without RETAIN neither replaces nor removes", () => {
		const hub = new BrokerHarness();
		const client = hub.connect({ version });
		client.publish("t", "kept", { retain: true });
		client.publish("t", "live");
		client.publish("t", "");
		client.subscribe("t");
		expect(client.payloads()).toEqual(["kept"]);
	});

	test("subscribing anew sends them anew", () => {
		const hub = new BrokerHarness();
		const client = hub.connect({ version });
		client.publish("t", "x", { retain: true });
		for (let i = 0; i < 2; i++) {
			client.subscribe("t");
			expect(client.payloads()).toEqual(["x"]);
		}
	});
});

describe("which are sent", () => {
	test("an empty level is a level: t/+ finds t/", () => {
		const hub = new BrokerHarness();
		const client = hub.connect();
		for (const topic of ["t/", "/t", "t", "t//"]) client.publish(topic, topic, { retain: true });
		const matching = (filter: string) => {
			client.subscribe(filter);
			client.unsubscribe(filter);
			return client.payloads().sort();
		};
		expect(matching("t/+")).toEqual(["t/"]);
		expect(matching("t/")).toEqual(["t/"]);
		expect(matching("+/t")).toEqual(["/t"]);
		expect(matching("t/#")).toEqual(["t", "t/", "t//"]);
	});

	test("each subscription of a SUBSCRIBE has its own", () => {
		const hub = new BrokerHarness();
		const client = hub.connect({ version: 5 });
		client.publish("a/b", "x", { retain: true });
		client.subscribe(
			[
				{ topic: "a/#", qos: 0 },
				{ topic: "a/+", qos: 0 },
			],
			0,
			{ subscriptionIdentifier: 5 },
		);
		expect(client.messages()).toMatchObject([
			{ retain: true, properties: { subscriptionIdentifier: [5] } },
			{ retain: true, properties: { subscriptionIdentifier: [5] } },
		]);
	});

	test("all of many, also to a client with a small window", () => {
		const hub = new BrokerHarness({ limits: { inflight: 10, queueMessages: 10, outputBytes: 1_000 } });
		const publisher = hub.connect({ clientId: "pub" });
		const topics = times(600, (i) => `homeassistant/sensor/${i}/config`);
		for (const topic of topics) publisher.publish(topic, `{"unique_id": "${topic}"}`, { qos: 1, retain: true });
		for (const qos of [0, 1, 2] as const) {
			const client = hub.connect({ clientId: `sub${qos}` });
			client.acknowledges = true;
			client.subscribe("homeassistant/#", qos);
			expect(
				client
					.messages()
					.map(({ topic }) => topic)
					.sort(),
			).toEqual([...topics].sort());
		}
		expect(hub.core.stats.publishDropped).toBe(0);
	});

	test("what is replaced while it waits to be sent is not sent after its replacement", () => {
		const hub = new BrokerHarness({ limits: { inflight: 1 } });
		const publisher = hub.connect({ clientId: "pub" });
		for (const topic of ["a", "b", "c"]) publisher.publish(topic, "old", { qos: 1, retain: true });
		const client = hub.connect({ clientId: "sub" });
		client.subscribe("#", 1);
		publisher.publish("b", "new", { qos: 0, retain: true });
		publisher.publish("c", "", { retain: true });
		client.acknowledges = true;
		client.send({ cmd: "puback", messageId: client.messages()[0]?.messageId ?? 0, reasonCode: 0 });
		expect(client.messages().map(({ topic, payload }) => topic + payload)).toEqual([]);
	});

	test("a client that unsubscribes is spared the rest", () => {
		const hub = new BrokerHarness({ limits: { inflight: 1 } });
		const publisher = hub.connect({ clientId: "pub" });
		for (const topic of ["a", "b", "c"]) publisher.publish(topic, topic, { qos: 1, retain: true });
		const client = hub.connect({ clientId: "sub" });
		client.subscribe("#", 1);
		client.unsubscribe("#");
		client.acknowledges = true;
		client.send({ cmd: "puback", messageId: 1, reasonCode: 0 });
		expect(client.messages().length).toBe(1);
	});
});

describe("Retain Handling", () => {
	const subscription = (rh: 0 | 1 | 2) => [{ topic: "t", qos: 0, rh }] as const;

	test("[MQTT-3.3.1-9] 0 always, [MQTT-3.3.1-10] 1 only to a new subscription, [MQTT-3.3.1-11] 2 never", () => {
		const hub = new BrokerHarness();
		const client = hub.connect({ version: 5 });
		client.publish("t", "x", { retain: true });
		const sent = (rh: 0 | 1 | 2) => {
			client.subscribe(subscription(rh));
			return client.messages().length;
		};
		expect(sent(2)).toBe(0);
		expect(sent(1)).toBe(0);
		expect(sent(0)).toBe(1);
		client.unsubscribe("t");
		expect(sent(1)).toBe(1);
		expect(sent(1)).toBe(0);
	});

	test("a shared subscription gets none", () => {
		const client = new BrokerHarness().connect({ version: 5 });
		client.publish("t", "x", { retain: true });
		client.subscribe("$share/g/t");
		expect(client.messages()).toEqual([]);
	});

	test("No Local holds for a client's own retained messages", () => {
		const hub = new BrokerHarness();
		const client = hub.connect({ version: 5, clientId: "a" });
		client.publish("t", "own", { retain: true });
		client.subscribe([{ topic: "t", qos: 0, nl: true }]);
		expect(client.messages()).toEqual([]);
		const other = hub.connect({ version: 5, clientId: "b" });
		other.subscribe([{ topic: "t", qos: 0, nl: true }]);
		expect(other.payloads()).toEqual(["own"]);
	});
});

describe("bounds", () => {
	test.each([{ retainedMessages: 2 }, { retainedBytes: 300 }])(
		"%p: more are refused, replacing and removing goes on",
		(limits) => {
			const hub = new BrokerHarness({ limits });
			const client = hub.connect({ version: 5 });
			client.subscribe("#");
			const put = (topic: string, payload: string) => {
				client.publish(topic, payload, { qos: 1, retain: true });
				return client.takeOne("puback").reasonCode;
			};
			expect(put("a", "12345678")).toBe(0);
			expect(put("b", "12345678")).toBe(0);
			client.messages();
			expect(put("c", "12345678")).toBe(REASON.QUOTA_EXCEEDED);
			expect(client.messages()).toEqual([]); // refused is refused: nobody gets it
			expect(put("a", "87654321")).toBe(0);
			expect(put("b", "")).toBe(0);
			expect(put("c", "12345678")).toBe(0);
			expect(hub.core.stats).toMatchObject({ retainedMessages: 2, retainedBytes: 18 });
			expect(hub.eventsOf("limit")).toMatchObject([{ limit: "retained" }]);
		},
	);

	test("deep topics count for the memory that their index takes", () => {
		const hub = new BrokerHarness({ limits: { retainedBytes: 100_000, topicLevels: 32 } });
		const client = hub.connect();
		for (let i = 0; i < 100; i++) client.publish(`${i}${"/x".repeat(31)}`, "1", { retain: true });
		expect(hub.core.stats.retainedMessages).toBeGreaterThan(5);
		expect(hub.core.stats.retainedMessages).toBeLessThan(20);
		for (let i = 0; i < 100; i++) client.publish(`${i}${"/x".repeat(31)}`, "", { retain: true });
		for (let i = 0; i < 100; i++) client.publish(`t/${i}`, "1", { retain: true });
		expect(hub.core.stats.retainedMessages).toBe(100);
	});

	test("3.1.1, which cannot be told, has its QoS 0 message delivered though not retained", () => {
		const hub = new BrokerHarness({ limits: { retainedMessages: 1 } });
		const client = hub.connect();
		client.subscribe("#");
		client.publish("a", "1", { retain: true });
		client.publish("b", "2", { retain: true });
		expect(client.payloads()).toEqual(["1", "2"]);
		expect(hub.core.stats).toMatchObject({ retainedMessages: 1, publishDropped: 1 });
	});

	test("what CONNACK said of them holds for the connection, although the limit changes", () => {
		const hub = new BrokerHarness();
		const before = hub.connect({ version: 5, clientId: "before" });
		hub.core.changeLimits({ retainedMessages: 0 });
		before.publish("t", "x", { qos: 1, retain: true });
		expect(before.takeOne("puback").reasonCode).toBe(REASON.QUOTA_EXCEEDED);
		const after = hub.connect({ version: 5, clientId: "after" });
		hub.core.changeLimits({ retainedMessages: 1 });
		before.publish("t", "x", { qos: 1, retain: true });
		expect(before.takeOne("puback").reasonCode).toBeLessThan(0x80);
		after.publish("t", "x", { retain: true });
		expect(after.takeOne("disconnect").reasonCode).toBe(REASON.RETAIN_NOT_SUPPORTED);
	});

	test("[MQTT-3.2.2-14] where nothing is retained, RETAIN in version 5 is an error", () => {
		const hub = new BrokerHarness({ limits: { retainedMessages: 0 } });
		const client = hub.connect({ version: 5 });
		client.publish("t", "x", { retain: true });
		expect(client.takeOne("disconnect").reasonCode).toBe(REASON.RETAIN_NOT_SUPPORTED);
	});

	test("[MQTT-3.2.2-13] so is a will with RETAIN", () => {
		const hub = new BrokerHarness({ limits: { retainedMessages: 0 } });
		const client = hub.open(5);
		client.sendConnect({ will: { topic: "t", payload: new Uint8Array(), qos: 0, retain: true } });
		expect(client.takeOne("connack").reasonCode).toBe(REASON.RETAIN_NOT_SUPPORTED);
		expect(client.isClosed).toBe(true);
	});
});
