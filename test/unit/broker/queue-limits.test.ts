import { describe, expect, test } from "@jest/globals";
import { REASON } from "../../../src/codec/index.ts";
import { BrokerHarness } from "../../support/broker-harness.ts";

const SUB = { clientId: "sub", clean: false } as const;

describe("the queue of a client that is away", () => {
	test("keeps the newest messages, within its count", () => {
		const hub = new BrokerHarness({ limits: { queueMessages: 3 } });
		const subscriber = hub.connect(SUB);
		subscriber.subscribe("t", 1);
		subscriber.lose();
		const publisher = hub.connect({ clientId: "pub" });
		for (let i = 0; i < 10; i++) publisher.publish("t", `${i}`, { qos: 1 });
		expect(hub.core.stats).toMatchObject({ queuedMessages: 3, queuedBytes: 6, publishDropped: 7, storedMessages: 3 });
		expect(hub.connect(SUB).payloads()).toEqual(["7", "8", "9"]);
		expect(hub.core.stats).toMatchObject({ queuedMessages: 0, queuedBytes: 0 });
	});

	test("and within its bytes", () => {
		const hub = new BrokerHarness({ limits: { queueBytes: 1_000 } });
		const subscriber = hub.connect(SUB);
		subscriber.subscribe("t", 1);
		subscriber.lose();
		const publisher = hub.connect({ clientId: "pub" });
		for (const length of [400, 400, 400, 1_200, 10]) publisher.publish("t", "x".repeat(length), { qos: 1 });
		expect(
			hub
				.connect(SUB)
				.payloads()
				.map(({ length }) => length),
		).toEqual([10]);
	});

	test("is reported once an episode, not once a message", () => {
		const hub = new BrokerHarness({ limits: { queueMessages: 2 } });
		const subscriber = hub.connect(SUB);
		subscriber.subscribe("t", 1);
		subscriber.lose();
		const publisher = hub.connect({ clientId: "pub" });
		const flood = () => {
			for (let i = 0; i < 10; i++) publisher.publish("t", `${i}`, { qos: 1 });
		};
		flood();
		expect(hub.eventsOf("limit")).toMatchObject([{ limit: "queue", clientId: "sub" }]);
		const again = hub.connect(SUB);
		again.acknowledges = true;
		again.lose();
		flood();
		expect(hub.eventsOf("limit").length).toBe(2);
	});
});

describe("a client that does not take what it is sent", () => {
	test("delays nobody, and gets its messages in order when it reads again", () => {
		const hub = new BrokerHarness();
		const slow = hub.connect({ clientId: "slow" });
		const quick = hub.connect({ clientId: "quick" });
		for (const client of [slow, quick]) client.subscribe("t", 1);
		slow.setWritable(false);
		const publisher = hub.connect({ clientId: "pub" });
		for (let i = 0; i < 5; i++) publisher.publish("t", `${i}`, { qos: i === 2 ? 0 : 1 });
		expect(quick.payloads()).toEqual(["0", "1", "2", "3", "4"]);
		expect(slow.payloads()).toEqual([]);
		slow.setWritable(true);
		expect(slow.payloads()).toEqual(["0", "1", "2", "3", "4"]);
	});

	test("loses QoS 0 first, then the oldest", () => {
		const hub = new BrokerHarness({ limits: { queueMessages: 3 } });
		const slow = hub.connect({ clientId: "slow" });
		slow.subscribe("t", 1);
		slow.setWritable(false);
		const publisher = hub.connect({ clientId: "pub" });
		const send = (payload: string, qos: 0 | 1) => publisher.publish("t", payload, { qos });
		send("a", 1);
		send("b", 0);
		send("c", 0);
		send("d", 1);
		send("e", 1);
		send("f", 1);
		slow.setWritable(true);
		expect(slow.payloads()).toEqual(["d", "e", "f"]);
	});

	test("is closed with a reason when that lasts too long", () => {
		const hub = new BrokerHarness({ limits: { stallTimeout: 30_000 } });
		const slow = hub.connect({ version: 5, clientId: "slow" });
		slow.setWritable(false);
		hub.advance(20_000);
		slow.setWritable(true);
		slow.setWritable(false);
		hub.advance(29_999);
		expect(slow.isClosed).toBe(false);
		hub.advance(1);
		expect(slow.isClosed).toBe(true);
		expect(hub.eventsOf("disconnected")).toMatchObject([{ reasonCode: REASON.QUOTA_EXCEEDED }]);
	});

	test("is not read from once its answers fill the output: pings cannot fill the memory", () => {
		const hub = new BrokerHarness({ limits: { outputBytes: 100, inboxBytes: 1_000 } });
		const slow = hub.connect({ clientId: "slow" });
		slow.setWritable(false);
		for (let i = 0; i < 50; i++) slow.send({ cmd: "pingreq" });
		expect(slow.isRead).toBe(true);
		for (let i = 0; i < 10; i++) slow.send({ cmd: "pingreq" });
		expect(slow.isRead).toBe(false);
		slow.setWritable(true);
		expect(slow.isRead).toBe(true);
		expect(slow.take().length).toBe(60);
	});

	test("what waits in the output is a copy, so that it keeps no received buffer alive", () => {
		const hub = new BrokerHarness();
		const slow = hub.connect({ clientId: "slow" });
		slow.subscribe("t");
		const publisher = hub.connect({ clientId: "pub" });
		publisher.publish("t", "x");
		slow.messages();
		slow.setWritable(false);
		publisher.publish("t", "y".repeat(5_000));
		expect(hub.core.stats.queuedMessages).toBe(1);
		slow.setWritable(true);
		expect(slow.payloads()).toEqual(["y".repeat(5_000)]);
	});
});

test("gauges return to zero when everybody has gone", () => {
	const hub = new BrokerHarness({ limits: { inflight: 2 } });
	const subscriber = hub.connect({ version: 5, clientId: "sub", properties: { sessionExpiryInterval: 60 } });
	subscriber.subscribe("t/#", 2);
	subscriber.subscribe("$share/g/t/#", 2);
	const publisher = hub.connect({ clientId: "pub" });
	for (let i = 0; i < 9; i++) publisher.publish(`t/${i}`, "x", { qos: ((i % 2) + 1) as 1 | 2 });
	expect(hub.core.stats).toMatchObject({ inflightMessages: 2, subscriptions: 2, sharedSubscriptions: 1 });
	expect(hub.core.stats.queuedMessages).toBeGreaterThan(0);
	subscriber.lose();
	publisher.disconnect();
	hub.advance(60_000);
	expect(hub.core.stats).toMatchObject({
		connections: 0,
		clientsConnected: 0,
		sessions: 0,
		subscriptions: 0,
		sharedSubscriptions: 0,
		inflightMessages: 0,
		queuedMessages: 0,
		queuedBytes: 0,
		storedMessages: 0,
		storedBytes: 0,
	});
	expect(hub.store.counts()).toEqual({});
});
