import { describe, expect, test } from "@jest/globals";
import { encode, type ProtocolVersion, REASON, type Subscription } from "../../../src/codec/index.ts";
import { BrokerHarness } from "../../support/broker-harness.ts";
import { lasting } from "../../support/lasting.ts";
import { times } from "../../support/times.ts";

const VERSIONS: ProtocolVersion[] = [3, 4, 5];

describe("SUBSCRIBE", () => {
	test.each(VERSIONS)(
		"[MQTT-3.8.4-1] [MQTT-3.8.4-2] [MQTT-3.8.4-6] [MQTT-2.2.1-6] [3.1.1 MQTT-3.8.4-1] [3.1.1 MQTT-3.8.4-2] [3.1.1 MQTT-3.8.4-5] [3.1.1 MQTT-2.3.1-7] [3.1 section 3.8] is answered with a code for each filter, at level %p",
		(version) => {
			const client = new BrokerHarness().connect({ version });
			const filters: Subscription[] = [
				{ topic: "a", qos: 0 },
				{ topic: "b/+", qos: 2 },
				{ topic: "#", qos: 1 },
			];
			client.send({ cmd: "subscribe", messageId: 4_711, subscriptions: filters });
			expect(client.take()).toEqual([{ cmd: "suback", messageId: 4_711, granted: [0, 2, 1] }]);
		},
	);

	test.each(VERSIONS)("[MQTT-3.8.4-8] is granted no more than the broker's highest QoS, at level %p", (version) => {
		const hub = new BrokerHarness({ limits: { maxQos: 1 } });
		const client = hub.connect({ version });
		expect(
			client.subscribe([
				{ topic: "a", qos: 2 },
				{ topic: "b", qos: 0 },
			]),
		).toEqual([1, 0]);
		hub.core.publish({ topic: "a", payload: new Uint8Array(), qos: 2 }, hub.now);
		hub.drain();
		expect(client.take()).toMatchObject([{ cmd: "publish", topic: "a", qos: 1 }]);
	});

	test("[MQTT-3.8.4-5] [MQTT-3.8.4-7] [MQTT-3.9.3-1] [MQTT-3.9.3-2] [3.1.1 MQTT-3.8.4-4] [3.1.1 MQTT-3.9.3-1] [3.1.1 MQTT-3.9.3-2] [3.1 section 3.9] what cannot be granted is refused alone, in its place", () => {
		const deep = times(20, () => "a").join("/");
		const hub = new BrokerHarness({ limits: { topicLevels: 10 } });
		const filters: Subscription[] = [
			{ topic: "a", qos: 1 },
			{ topic: deep, qos: 1 },
			{ topic: "b", qos: 1 },
		];
		for (const [version, code] of [
			[5, REASON.TOPIC_FILTER_INVALID],
			[4, 0x80],
			[3, 1],
		] as const) {
			const client = hub.connect({ version, clientId: `${version}` });
			expect(client.subscribe(filters)).toEqual([1, code, 1]);
			for (const topic of ["a", "b", deep]) hub.core.publish({ topic, payload: new Uint8Array() }, hub.now);
			hub.drain();
			// 3.1 cannot be told, and gets nothing either.
			expect(client.messages().map(({ topic }) => topic)).toEqual(["a", "b"]);
		}
	});

	test.each(VERSIONS)(
		"[MQTT-3.8.4-3] [3.1.1 MQTT-3.8.4-3] replaces the session's earlier subscription to the same filter, at level %p",
		(version) => {
			const hub = new BrokerHarness();
			const client = hub.connect({ version });
			client.subscribe("t", 2);
			client.subscribe("t", 0);
			client.publish("t", "x", { qos: 2 });
			expect(client.messages()).toMatchObject([{ qos: 0 }]);
			expect(hub.core.stats.subscriptions).toBe(1);
		},
	);

	test.each(VERSIONS)(
		"[MQTT-3.8.4-4] [3.1.1 MQTT-3.8.4-3] replacing one loses no message and brings the retained ones again, at level %p",
		(version) => {
			const hub = new BrokerHarness();
			const client = hub.connect({ version });
			client.publish("t/kept", "retained", { retain: true });
			client.subscribe("t/#", 1);
			client.take();
			const again = { cmd: "subscribe", messageId: 500, subscriptions: [{ topic: "t/#", qos: 2 }] } as const;
			client.send(client.publishPacket("t/a", "before", { qos: 2 }), again, client.publishPacket("t/a", "after"));
			expect(client.payloads()).toEqual(["before", "retained", "after"]);
		},
	);

	test.each(["a+", "+a/b", "a/#/b", "a#", "#/a"])(
		"[MQTT-4.7.1-1] [MQTT-4.7.1-2] [3.1.1 MQTT-4.7.1-2] [3.1.1 MQTT-4.7.1-3] %p, where a wildcard is misplaced, is refused",
		(filter) => {
			const hub = new BrokerHarness();
			for (const [version, code] of [
				[5, REASON.TOPIC_FILTER_INVALID],
				[4, 0x80],
				[3, 1],
			] as const) {
				const client = hub.connect({ version, clientId: `${version}` });
				expect(client.subscribe(filter, 1)).toEqual([code]);
				for (const topic of ["aa", "ba/b", "a/a/b", "a/a"]) client.publish(topic, "x");
				expect(client.messages()).toEqual([]);
			}
			expect(hub.core.stats.subscriptions).toBe(0);
		},
	);

	test("more subscriptions than the limit are refused; replacing one is not", () => {
		const hub = new BrokerHarness({ limits: { subscriptionsPerClient: 2 } });
		const client = hub.connect({ version: 5 });
		expect(client.subscribe("a")).toEqual([0]);
		expect(client.subscribe("b")).toEqual([0]);
		expect(client.subscribe("c")).toEqual([REASON.QUOTA_EXCEEDED]);
		expect(client.subscribe("a", 1)).toEqual([1]);
		client.unsubscribe("b");
		expect(client.subscribe("c")).toEqual([0]);
		expect(hub.eventsOf("limit")).toMatchObject([{ limit: "subscriptions" }]);
	});
});

describe("UNSUBSCRIBE", () => {
	test.each(VERSIONS)(
		"[MQTT-3.10.4-2] [3.1.1 MQTT-3.10.4-2] [3.1 section 3.10] ends the delivery of new messages, at level %p",
		(version) => {
			const hub = new BrokerHarness();
			const client = hub.connect({ version });
			client.subscribe("a/+");
			client.subscribe("a/#");
			expect(client.unsubscribe("a/+")).toEqual(version === 5 ? [0] : []);
			client.publish("a/b", "still through the other");
			expect(client.payloads()).toEqual(["still through the other"]);
			client.unsubscribe("a/#");
			client.publish("a/b", "gone");
			expect(client.payloads()).toEqual([]);
			expect(hub.core.stats.subscriptions).toBe(0);
		},
	);

	test.each(VERSIONS)(
		"[MQTT-3.10.4-6] [MQTT-3.11.3-1] [MQTT-3.11.3-2] [3.1.1 MQTT-3.10.4-1] [3.1.1 MQTT-3.10.4-6] removes each filter that there is, with one answer, at level %p",
		(version) => {
			const client = new BrokerHarness().connect({ version });
			for (const filter of ["a", "b/+", "c/#"]) client.subscribe(filter);
			client.send({ cmd: "unsubscribe", messageId: 9, unsubscriptions: ["c/#", "b/x", "A", "a"] });
			const granted = version === 5 ? [0, 0x11, 0x11, 0] : [];
			expect(client.take()).toEqual([{ cmd: "unsuback", messageId: 9, granted }]);
			for (const topic of ["a", "b/x", "c/x"]) client.publish(topic, topic);
			expect(client.payloads()).toEqual(["b/x"]);
		},
	);

	test("[MQTT-3.10.4-1] compares filters character by character", () => {
		const client = new BrokerHarness().connect({ version: 5 });
		client.subscribe("a/+");
		expect(client.unsubscribe("a/b", "A/+", "a/+/", "a/#", "a/+")).toEqual([0x11, 0x11, 0x11, 0x11, 0]);
	});

	test.each(VERSIONS)(
		"[MQTT-3.10.4-4] [MQTT-3.10.4-5] [3.1.1 MQTT-3.10.4-4] [3.1.1 MQTT-3.10.4-5] [3.1 section 3.11] is answered even if there was nothing to remove, at level %p",
		(version) => {
			const client = new BrokerHarness().connect({ version });
			client.send({ cmd: "unsubscribe", messageId: 12, unsubscriptions: ["nothing"] });
			expect(client.takeOne("unsuback").messageId).toBe(12);
		},
	);

	test.each(VERSIONS)(
		"[MQTT-3.10.4-3] [3.1.1 MQTT-3.10.4-3] what is in flight is delivered to the end, at level %p",
		(version) => {
			const hub = new BrokerHarness();
			const options = lasting(version, "a");
			const client = hub.connect(options);
			client.subscribe("t", 1);
			client.publish("t", "x", { qos: 1 });
			client.unsubscribe("t");
			client.lose();
			expect(hub.connect(options).messages()).toMatchObject([{ payload: "x", dup: true }]);
		},
	);
});

describe("which topics a filter matches ([MQTT-4.7.2-1] [MQTT-4.7.3-4] [MQTT-3.3.2-3] [3.1.1 MQTT-4.7.2-1] [3.1.1 MQTT-4.7.3-4] [3.1.1 MQTT-3.3.2-3] [3.1.1 MQTT-3.8.3-2] [3.1 Appendix A])", () => {
	test.each([
		["a/b", ["a/b"], ["a", "a/b/", "a/b/c", "/a/b", "A/b"]],
		["+", ["a", "b"], ["a/b", "/a", "$a"]],
		["a/+", ["a/b", "a/"], ["a", "a/b/c"]],
		["+/+", ["a/b", "/b", "/"], ["a", "$a/b"]],
		["a/+/c", ["a/b/c", "a//c"], ["a/c", "a/b/b/c"]],
		["#", ["a", "/", "a/b/c"], ["$a", "$SYS/a"]],
		["a/#", ["a", "a/", "a/b", "a/b/c"], ["b", "ab"]],
		["+/#", ["a", "a/b"], ["$a/b"]],
		["$SYS/#", ["$SYS", "$SYS/a"], ["SYS/a"]],
		["$a/+", ["$a/b"], ["$a", "$b/b"]],
		["/+", ["/a", "/"], ["a", "/a/b"]],
	])("%p", (filter, matching, others) => {
		const hub = new BrokerHarness();
		const live = hub.connect({ clientId: "live" });
		live.subscribe(filter); // [MQTT-4.7.2-1] for the $ topics
		const topics = [...matching, ...others];
		for (const topic of topics) hub.core.publish({ topic, payload: new Uint8Array([0x31]), retain: true }, hub.now);
		hub.drain();
		expect(live.messages().map(({ topic }) => topic)).toEqual(matching);
		// Retained messages are found from the filter, live ones from the topic: both ways must agree.
		const late = hub.connect({ clientId: "late" });
		late.subscribe(filter);
		expect(
			late
				.messages()
				.map(({ topic }) => topic)
				.sort(),
		).toEqual([...matching].sort());
	});
});

describe("overlapping subscriptions", () => {
	test.each(VERSIONS)(
		"[MQTT-3.3.4-2] [3.1.1 MQTT-3.3.5-1] deliver one copy at the highest QoS, at level %p",
		(version) => {
			const client = new BrokerHarness().connect({ version });
			client.subscribe("t/#", 0);
			client.subscribe("t/+", 2);
			client.subscribe("t/a", 1);
			client.publish("t/a", "x", { qos: 2 });
			expect(client.messages()).toMatchObject([{ payload: "x", qos: 2 }]);
		},
	);

	test("[MQTT-3.3.4-3] [MQTT-3.3.4-4] the copy has the identifiers of all", () => {
		const client = new BrokerHarness().connect({ version: 5 });
		client.subscribe("t/#", 0, { subscriptionIdentifier: 1 });
		client.subscribe("t/+", 0, { subscriptionIdentifier: 268_435_455 });
		client.subscribe("t/a", 0);
		client.publish("t/a", "x");
		const identifiers = client.messages()[0]?.properties?.subscriptionIdentifier;
		expect([...(identifiers ?? [])].sort((a, b) => a - b)).toEqual([1, 268_435_455]);
	});

	test("a new subscription to the same filter brings its own identifier, or none", () => {
		const client = new BrokerHarness().connect({ version: 5 });
		client.subscribe("t", 0, { subscriptionIdentifier: 1 });
		client.subscribe("t", 0, { subscriptionIdentifier: 2 });
		client.publish("t", "x");
		expect(client.messages()[0]?.properties?.subscriptionIdentifier).toEqual([2]);
		client.subscribe("t", 0);
		client.publish("t", "x");
		expect(client.messages()[0]?.properties).toBeUndefined();
	});
});

describe("No Local", () => {
	const noLocal = { topic: "t/#", qos: 1, nl: true } as const;

	test("[MQTT-3.8.3-3] keeps a client's own messages from it, and no others", () => {
		const hub = new BrokerHarness();
		const client = hub.connect({ version: 5, clientId: "a" });
		client.subscribe([noLocal]);
		client.publish("t", "own");
		hub.connect({ version: 5, clientId: "b" }).publish("t", "another's");
		expect(client.payloads()).toEqual(["another's"]);
	});

	test("of one subscription leaves the session's others alone", () => {
		const hub = new BrokerHarness();
		const client = hub.connect({ version: 5, clientId: "a" });
		client.subscribe([noLocal], 0, { subscriptionIdentifier: 1 });
		client.subscribe("t/+", 0, { subscriptionIdentifier: 2 });
		client.publish("t/x", "own", { qos: 1 });
		hub.connect({ clientId: "b" }).publish("t/x", "another's", { qos: 1 });
		expect(client.messages()).toMatchObject([
			{ payload: "own", qos: 0, properties: { subscriptionIdentifier: [2] } },
			{ payload: "another's", qos: 1 },
		]);
	});

	test("[MQTT-3.8.3-4] on a shared subscription is a protocol error", () => {
		const client = new BrokerHarness().connect({ version: 5 });
		const bytes = encode({ cmd: "subscribe", messageId: 1, subscriptions: [{ topic: "$share/g/t", qos: 0 }] }, 5);
		bytes[bytes.length - 1] = 0x04; // the codec does not write what a client must not send
		client.sendBytes(bytes);
		expect(client.takeOne("disconnect").reasonCode).toBe(REASON.PROTOCOL_ERROR);
	});
});

test("[MQTT-3.3.1-12] [MQTT-3.3.1-13] RETAIN of a live message is kept only for those who ask", () => {
	const hub = new BrokerHarness();
	const old = hub.connect({ version: 4, clientId: "old" });
	const plain = hub.connect({ version: 5, clientId: "plain" });
	const asking = hub.connect({ version: 5, clientId: "asking" });
	old.subscribe("t", 1);
	plain.subscribe([{ topic: "t", qos: 1, rap: false }]);
	asking.subscribe([{ topic: "t", qos: 1, rap: true }]);
	const publisher = hub.connect({ clientId: "pub" });
	for (const qos of [0, 1] as const) for (const retain of [true, false]) publisher.publish("t", "x", { qos, retain });
	const flags = (client: typeof old) => client.messages().map(({ retain }) => retain);
	expect([old, plain, asking].map(flags)).toEqual([
		[false, false, false, false],
		[false, false, false, false],
		[true, false, true, false],
	]);
});
