import { describe, expect, test } from "@jest/globals";
import { BrokerHarness } from "../../support/broker-harness.ts";

const SUB = { version: 5, clientId: "sub", clean: false, properties: { sessionExpiryInterval: 1_000 } } as const;
const expiring = (messageExpiryInterval: number) => ({ qos: 1, properties: { messageExpiryInterval } }) as const;

describe("Message Expiry Interval", () => {
	test("[MQTT-3.3.2-6] is forwarded less the time that the message waited", () => {
		const hub = new BrokerHarness();
		const subscriber = hub.connect(SUB);
		subscriber.subscribe("t", 1);
		const publisher = hub.connect({ version: 5, clientId: "pub" });
		publisher.publish("t", "at once", expiring(10));
		expect(subscriber.messages()[0]?.properties?.messageExpiryInterval).toBe(10);
		subscriber.send({ cmd: "puback", messageId: 1, reasonCode: 0 });
		subscriber.lose();
		publisher.publish("t", "waits", expiring(10));
		hub.advance(4_000);
		expect(hub.connect(SUB).messages()[0]?.properties?.messageExpiryInterval).toBe(6);
	});

	test("[MQTT-3.3.2-6] is forwarded as it came if the message did not wait, whatever the fraction of the time", () => {
		const hub = new BrokerHarness();
		const subscriber = hub.connect({ version: 5, clientId: "sub" });
		subscriber.subscribe("t", 0);
		const publisher = hub.connect({ version: 5, clientId: "pub" });
		const forwarded = new Set<number | undefined>();
		for (let i = 0; i < 300; i++) {
			hub.advance(17.123_456_789);
			publisher.publish("t", "1", { properties: { messageExpiryInterval: 60 } });
			for (const { properties } of subscriber.messages()) forwarded.add(properties?.messageExpiryInterval);
		}
		expect([...forwarded]).toEqual([60]);
	});

	test("[MQTT-3.3.2-5] once passed, the message is not delivered any more", () => {
		const hub = new BrokerHarness();
		const subscriber = hub.connect(SUB);
		subscriber.subscribe("t", 1);
		subscriber.lose();
		const publisher = hub.connect({ version: 5, clientId: "pub" });
		publisher.publish("t", "short", expiring(10));
		publisher.publish("t", "long", expiring(11));
		hub.advance(10_000);
		expect(hub.connect(SUB).messages()).toMatchObject([{ payload: "long", properties: { messageExpiryInterval: 1 } }]);
		expect(hub.core.stats).toMatchObject({ publishExpired: 1, storedMessages: 1 });
	});

	test("[MQTT-4.3.3-7] a message that was sent is sent again, expired or not", () => {
		const hub = new BrokerHarness();
		const subscriber = hub.connect(SUB);
		subscriber.subscribe("t", 2);
		hub.connect({ version: 5, clientId: "pub" }).publish("t", "x", { ...expiring(5), qos: 2 });
		subscriber.lose();
		hub.advance(60_000);
		expect(hub.connect(SUB).messages()).toMatchObject([{ payload: "x", dup: true }]);
	});

	test("[MQTT-4.3.3-13] once begun, the exchange of QoS 2 goes on after it", () => {
		const hub = new BrokerHarness();
		const session = { version: 5, clientId: "sub", clean: false, properties: { sessionExpiryInterval: 100 } } as const;
		const subscriber = hub.connect(session);
		subscriber.subscribe("t", 2);
		const publisher = hub.connect({ version: 5, clientId: "pub" });
		publisher.publish("t", "x", { qos: 2, messageId: 7, properties: { messageExpiryInterval: 1 } });
		const messageId = subscriber.messages()[0]?.messageId ?? 0;
		hub.advance(5_000);
		publisher.send({ cmd: "pubrel", messageId: 7, reasonCode: 0 });
		expect(publisher.takeOne("pubcomp")).toMatchObject({ messageId: 7, reasonCode: 0 });
		subscriber.send({ cmd: "pubrec", messageId, reasonCode: 0 });
		expect(subscriber.takeOne("pubrel")).toMatchObject({ messageId, reasonCode: 0 });
		subscriber.lose();
		const again = hub.connect(session);
		expect(again.take()).toEqual([{ cmd: "pubrel", messageId, reasonCode: 0 }]);
		again.send({ cmd: "pubcomp", messageId, reasonCode: 0 });
		expect(hub.core.stats.inflightMessages).toBe(0);
	});

	test("removes a retained message when its time has come", () => {
		const hub = new BrokerHarness();
		const publisher = hub.connect({ version: 5, clientId: "pub" });
		publisher.publish("t", "x", { ...expiring(10), retain: true });
		hub.advance(3_000);
		const early = hub.connect({ version: 5, clientId: "early" });
		early.subscribe("t");
		expect(early.messages()).toMatchObject([{ retain: true, properties: { messageExpiryInterval: 7 } }]);
		hub.advance(7_000);
		expect(hub.core.stats).toMatchObject({ retainedMessages: 0, storedMessages: 0 });
		const late = hub.connect({ clientId: "late" });
		late.subscribe("t");
		expect(late.messages()).toEqual([]);
	});

	test("of a replaced retained message means nothing to its successor", () => {
		const hub = new BrokerHarness();
		const publisher = hub.connect({ version: 5, clientId: "pub" });
		publisher.publish("t", "x", { ...expiring(10), retain: true });
		publisher.publish("t", "y", { retain: true });
		hub.advance(60_000);
		expect(hub.core.stats.retainedMessages).toBe(1);
	});

	test("ends waiting also for 3.1.1, which does not see it", () => {
		const hub = new BrokerHarness();
		const subscriber = hub.connect({ clientId: "old", clean: false });
		subscriber.subscribe("t", 1);
		subscriber.lose();
		const publisher = hub.connect({ version: 5, clientId: "pub" });
		publisher.publish("t", "short", expiring(10));
		publisher.publish("t", "long", expiring(60));
		hub.advance(20_000);
		expect(hub.connect({ clientId: "old", clean: false }).payloads()).toEqual(["long"]);
	});
});

describe("Maximum Packet Size", () => {
	test("[MQTT-3.1.2-24] [MQTT-3.1.2-25] what is larger is not sent to this client, and counts as sent", () => {
		const hub = new BrokerHarness();
		const small = hub.connect({ version: 5, clientId: "a", properties: { maximumPacketSize: 40, receiveMaximum: 1 } });
		const other = hub.connect({ version: 5, clientId: "b" });
		for (const client of [small, other]) client.subscribe("t", 1);
		const publisher = hub.connect({ version: 5, clientId: "pub" });
		for (const length of [10, 50]) publisher.publish("t", "x".repeat(length), { qos: 0 });
		for (const length of [50, 10, 11]) publisher.publish("t", "x".repeat(length), { qos: 1 });
		expect(small.payloads().map(({ length }) => length)).toEqual([10, 10]);
		small.send({ cmd: "puback", messageId: 1, reasonCode: 0 });
		expect(small.payloads().map(({ length }) => length)).toEqual([11]);
		expect(other.payloads().map(({ length }) => length)).toEqual([10, 50, 50, 10, 11]);
		expect(hub.core.stats.publishDropped).toBe(2);
		expect(hub.eventsOf("limit")).toMatchObject([{ limit: "clientPacketSize", clientId: "a" }]);
	});

	test("it is the size of the packet that counts, not of the message", () => {
		const hub = new BrokerHarness();
		const client = hub.connect({ version: 5, properties: { maximumPacketSize: 20, topicAliasMaximum: 1 } });
		client.subscribe("#");
		client.publish("topic/of/16/byte"); // 2 + 2 + 16 + 1 bytes: too large
		client.publish("topic/of/13/b"); // 2 + 2 + 13 + 1: fits, but not with the 3 bytes of an alias
		client.publish("topic/of/12/"); // 2 + 2 + 12 + 4: takes the alias
		expect(client.messages().map(({ topic, properties }) => [topic, properties?.topicAlias])).toEqual([
			["topic/of/13/b", undefined],
			["topic/of/12/", 1],
		]);
	});

	test("a client's packet over the limit ends its connection", () => {
		const hub = new BrokerHarness({ limits: { maxPacket: 1_000, maxConnect: 500 } });
		const client = hub.connect({ version: 5 });
		client.publish("t", "x".repeat(900));
		expect(client.isClosed).toBe(false);
		client.publish("t", "x".repeat(1_000));
		expect(client.takeOne("disconnect").reasonCode).toBe(0x95);
	});
});
