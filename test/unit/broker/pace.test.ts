import { describe, expect, test } from "@jest/globals";
import { BrokerHarness } from "../../support/broker-harness.ts";

describe("a client that publishes faster than it may", () => {
	function flooded() {
		const hub = new BrokerHarness({ limits: { messagesPerSecond: 10 } });
		const subscriber = hub.connect({ clientId: "sub" });
		subscriber.subscribe("t", 0);
		const publisher = hub.connect({ clientId: "pub", keepalive: 2 });
		for (let i = 0; i < 40; i++) publisher.publish("t", `${i}`);
		return { hub, subscriber, publisher };
	}

	test("is read from at its rate, and loses nothing", () => {
		const { hub, subscriber, publisher } = flooded();
		const counts = [subscriber.payloads().length];
		expect(publisher.isRead).toBe(false);
		for (let second = 0; second < 3; second++) {
			hub.advance(1_000);
			counts.push(subscriber.payloads().length);
			expect(publisher.isRead).toBe(false);
		}
		expect(counts).toEqual([10, 10, 10, 10]);
		expect(hub.core.stats).toMatchObject({ publishReceived: 40, publishSent: 40, publishDropped: 0 });
		hub.advance(1_000);
		expect(publisher.isRead).toBe(true);
	});

	test("delays nobody else", () => {
		const { hub, subscriber } = flooded();
		subscriber.payloads();
		hub.connect({ clientId: "other" }).publish("t", "in time");
		expect(subscriber.payloads()).toEqual(["in time"]);
	});

	test("is not taken for silent while what it sent waits", () => {
		const { hub, publisher } = flooded();
		hub.advance(3_900); // its keep alive is 2 s, and its last message is handled after 3 s
		expect(publisher.isClosed).toBe(false);
		hub.advance(3_000);
		expect(publisher.isClosed).toBe(true);
	});

	test("is reported once an episode, and counted", () => {
		const { hub, publisher } = flooded();
		hub.advance(3_500);
		expect(hub.eventsOf("limit")).toMatchObject([{ limit: "messagesPerSecond", clientId: "pub" }]);
		expect(hub.core.stats.limitHits.messagesPerSecond).toBeGreaterThan(0);
		publisher.lose();
		hub.advance(3_500);
		expect(hub.core.nextTimeout()).toBeUndefined();
	});

	test("may save up the messages of one second", () => {
		const hub = new BrokerHarness({ limits: { messagesPerSecond: 10 } });
		const publisher = hub.connect({ clientId: "pub" });
		for (let round = 0; round < 5; round++) {
			for (let i = 0; i < 9; i++) publisher.publish("t", `${i}`);
			hub.advance(900);
		}
		expect(hub.core.stats.limitHits.messagesPerSecond).toBe(0);
	});
});

describe("a pace that changes while the broker runs", () => {
	test("holds for who is connected already", () => {
		const hub = new BrokerHarness();
		const publisher = hub.connect({ clientId: "pub" });
		const flood = () => {
			for (let i = 0; i < 40; i++) publisher.publish("t", `${i}`);
		};
		flood();
		expect(hub.core.stats.publishReceived).toBe(40);
		hub.core.changeLimits({ messagesPerSecond: 10 });
		flood();
		expect(hub.core.stats.publishReceived).toBe(50);
		hub.core.changeLimits({ messagesPerSecond: 20 });
		hub.advance(1_000);
		expect(hub.core.stats.publishReceived).toBeGreaterThan(60);
	});

	test("and is over when there is none any more", () => {
		const hub = new BrokerHarness({ limits: { messagesPerSecond: 10 } });
		const publisher = hub.connect({ clientId: "pub" });
		for (let i = 0; i < 40; i++) publisher.publish("t", `${i}`);
		hub.core.changeLimits({ messagesPerSecond: Number.POSITIVE_INFINITY });
		hub.advance(1_000);
		expect(hub.core.stats.publishReceived).toBe(40);
	});
});

test("every limit that is hit is counted, reported or not", () => {
	const hub = new BrokerHarness({ limits: { queueMessages: 2, retainedMessages: 1, subscriptionsPerClient: 1 } });
	const subscriber = hub.connect({ clientId: "sub", clean: false });
	subscriber.subscribe("t", 1);
	subscriber.subscribe("u", 1);
	subscriber.lose();
	const publisher = hub.connect({ clientId: "pub" });
	for (let i = 0; i < 5; i++) publisher.publish("t", `${i}`, { qos: 1 });
	for (let i = 0; i < 5; i++) publisher.publish(`retained/${i}`, "on", { retain: true });
	expect(hub.core.stats.limitHits).toMatchObject({ queue: 3, retained: 4, subscriptions: 1 });
});

test("so is a packet over a limit, the topic or filter that is too deep, and who takes too long", () => {
	const limits = { maxPacket: 200, maxConnect: 100, userProperties: 2, topicLevels: 2, connectTimeout: 1_000 };
	const hub = new BrokerHarness({ limits: { ...limits, stallTimeout: 2_000 } });
	const hits = () => hub.core.stats.limitHits;
	hub.connect({ clientId: "a" }).publish("a", "x".repeat(300));
	hub.open(4).sendBytes(new Uint8Array([0x10, 101, 0]));
	expect(hits().packetSize).toBe(2);

	const many = { a: "1", b: "2", c: "3" };
	hub.connect({ clientId: "b", version: 5 }).publish("a", "", { properties: { userProperties: many } });
	expect(hits().userProperties).toBe(1);

	const deep = hub.connect({ clientId: "c" });
	deep.publish("a/b/c", "");
	deep.subscribe("a/+/#", 0);
	const will = { topic: "a/b/c", payload: new Uint8Array(0), qos: 0, retain: false } as const;
	hub.open(4).sendConnect({ clientId: "w", will });
	expect(hits().topicLevels).toBe(3);

	hub.open(4);
	hub.advance(1_000);
	expect(hits().connectTimeout).toBe(1);
	deep.setWritable(false);
	hub.advance(2_000);
	expect(hits()).toMatchObject({ stallTimeout: 1, connectTimeout: 1 });
	expect(hub.events.flatMap((event) => (event.kind === "limit" ? [event.limit] : []))).toEqual(["topicLevels"]); // the others end the connection, and say why
});

test("where nothing is retained, what the host retains meets no limit", () => {
	const hub = new BrokerHarness({ limits: { retainedMessages: 0 } });
	hub.core.publish({ topic: "$SYS/broker/uptime", payload: new Uint8Array([1]), retain: true }, hub.now);
	hub.drain();
	expect(hub.core.stats).toMatchObject({ retainedMessages: 0, limitHits: { retained: 0 } });
});

test("what the broker says of itself is retained in memory only", () => {
	const hub = new BrokerHarness();
	const tell = (text: string) =>
		hub.core.publish({ topic: "$SYS/broker/uptime", payload: new Uint8Array([text.length]), retain: true }, hub.now);
	tell("1");
	tell("22");
	hub.drain();
	expect(hub.connect({ clientId: "a" }).subscribe("$SYS/#", 0)).toBeDefined();
	expect(hub.core.stats.retainedMessages).toBe(1);
	hub.crash();
	expect(hub.core.stats.retainedMessages).toBe(0);
});
