import { describe, expect, test } from "@jest/globals";
import { type ProtocolVersion, REASON } from "../../../src/codec/index.ts";
import { BrokerHarness } from "../../support/broker-harness.ts";
import type { BrokerPeer } from "../../support/broker-peer.ts";
import { lasting } from "../../support/lasting.ts";
import { times } from "../../support/times.ts";

const VERSIONS: ProtocolVersion[] = [3, 4, 5];

function acknowledge(client: BrokerPeer, messageId: number | undefined): void {
	client.send({ cmd: "puback", messageId: messageId ?? 0, reasonCode: 0 });
}

describe.each(VERSIONS)("QoS 1 towards a client of level %p", (version) => {
	test("[MQTT-4.4.0-1] [MQTT-3.3.1-1] [MQTT-4.3.2-3] [3.1.1 MQTT-4.4.0-1] [3.1.1 MQTT-3.3.1-1] [3.1.1 MQTT-4.3.2-1] [3.1 section 4.2] what was not acknowledged is sent again in order, with DUP and the same ids", () => {
		const hub = new BrokerHarness();
		const subscriber = hub.connect(lasting(version, "sub"));
		subscriber.subscribe("t", 1);
		const publisher = hub.connect({ clientId: "pub" });
		for (const payload of ["a", "b", "c"]) publisher.publish("t", payload, { qos: 1 });
		const first = subscriber.messages();
		acknowledge(subscriber, first[1]?.messageId);
		subscriber.lose();
		publisher.publish("t", "d", { qos: 1 });

		const again = hub.connect(lasting(version, "sub"));
		const [a, c, d] = again.messages();
		expect(a).toEqual({ ...first[0], dup: true }); // [MQTT-3.3.1-1]
		expect(c).toEqual({ ...first[2], dup: true });
		expect(d).toMatchObject({ payload: "d", dup: false });
		for (const message of [a, c, d]) acknowledge(again, message?.messageId);
		again.lose();
		expect(hub.connect(lasting(version, "sub")).messages()).toEqual([]);
	});

	test("nothing is sent again while the connection lasts", () => {
		const hub = new BrokerHarness();
		const client = hub.connect(lasting(version, "sub"));
		client.subscribe("t", 1);
		client.publish("t", "x", { qos: 1 });
		expect(client.messages().length).toBe(1);
		hub.advance(3_600_000);
		expect(client.messages()).toEqual([]);
	});

	test("[MQTT-4.5.0-1] [3.1.1 MQTT-4.5.0-1] [3.1.1 MQTT-3.1.2-5] messages wait for a client that is away", () => {
		const hub = new BrokerHarness();
		const subscriber = hub.connect(lasting(version, "sub"));
		subscriber.subscribe("t", 1);
		subscriber.disconnect();
		const publisher = hub.connect({ clientId: "pub" });
		for (let i = 0; i < 5; i++) publisher.publish("t", `${i}`, { qos: i % 2 === 0 ? 1 : 0 });
		// QoS 0 is not kept.
		expect(hub.connect(lasting(version, "sub")).payloads()).toEqual(["0", "2", "4"]);
	});

	test("an acknowledgement for an unknown id does no harm", () => {
		const hub = new BrokerHarness();
		const client = hub.connect(lasting(version, "sub"));
		acknowledge(client, 77);
		client.send({ cmd: "pingreq" });
		expect(client.takeOne("pingresp")).toBeDefined();
	});
});

describe("the window of messages in flight", () => {
	test("[MQTT-3.3.4-9] [MQTT-4.9.0-2] is no larger than the client's Receive Maximum", () => {
		const hub = new BrokerHarness();
		const client = hub.connect({ version: 5, properties: { receiveMaximum: 2 } });
		client.subscribe("t", 2);
		for (let i = 0; i < 6; i++) client.publish("t", `${i}`, { qos: i === 1 ? 2 : 1 });
		const [first, second, ...others] = client.messages();
		expect(others).toEqual([]);
		acknowledge(client, first?.messageId);
		expect(client.payloads()).toEqual(["2"]);
		// A QoS 2 message is under way until PUBCOMP.
		client.send({ cmd: "pubrec", messageId: second?.messageId ?? 0, reasonCode: 0 });
		expect(client.payloads()).toEqual([]);
		client.send({ cmd: "pubcomp", messageId: second?.messageId ?? 0, reasonCode: 0 });
		expect(client.payloads()).toEqual(["3"]);
	});

	test("[MQTT-4.9.0-3] [MQTT-3.3.4-10] holds back nothing but QoS 1 and 2", () => {
		const hub = new BrokerHarness();
		const client = hub.connect({ version: 5, properties: { receiveMaximum: 1 } });
		client.subscribe("t", 1);
		client.publish("t", "1", { qos: 1 });
		client.publish("t", "2", { qos: 1 });
		client.publish("t", "0");
		client.send({ cmd: "pingreq" });
		expect(client.payloads()).toEqual(["1", "0"]);
		expect(client.takeOne("pingresp")).toBeDefined();
	});

	test("[MQTT-4.9.0-1] starts anew with each connection", () => {
		const hub = new BrokerHarness();
		const options = { ...lasting(5, "sub"), properties: { sessionExpiryInterval: 100, receiveMaximum: 3 } };
		const client = hub.connect(options);
		client.subscribe("t", 1);
		for (const payload of ["a", "b", "c", "d"]) client.publish("t", payload, { qos: 1 });
		expect(client.payloads()).toEqual(["a", "b", "c"]);
		client.lose();
		const smaller = hub.connect({ ...options, properties: { sessionExpiryInterval: 100, receiveMaximum: 2 } });
		const again = smaller.messages();
		expect(again.map(({ payload }) => payload)).toEqual(["a", "b"]);
		acknowledge(smaller, again[0]?.messageId);
		expect(smaller.messages()).toMatchObject([{ payload: "c", dup: true }]);
		acknowledge(smaller, again[1]?.messageId);
		expect(smaller.messages()).toMatchObject([{ payload: "d", dup: false }]);
	});

	test("is bounded for 3.x as well", () => {
		const hub = new BrokerHarness({ limits: { inflight: 2 } });
		const client = hub.connect();
		client.subscribe("t", 1);
		for (let i = 0; i < 5; i++) client.publish("t", `${i}`, { qos: 1 });
		const first = client.messages();
		expect(first.length).toBe(2);
		for (const { messageId } of first) acknowledge(client, messageId);
		expect(client.payloads()).toEqual(["2", "3"]);
	});
});

describe("what clients of version 5 say", () => {
	test("[MQTT-4.4.0-2] a refused message is not sent again", () => {
		const hub = new BrokerHarness();
		const client = hub.connect(lasting(5, "sub"));
		client.subscribe("t", 2);
		client.publish("t", "one", { qos: 1 });
		client.publish("t", "two", { qos: 2 });
		const [one, two] = client.messages();
		client.send({ cmd: "puback", messageId: one?.messageId ?? 0, reasonCode: REASON.UNSPECIFIED_ERROR });
		client.send({ cmd: "pubrec", messageId: two?.messageId ?? 0, reasonCode: REASON.QUOTA_EXCEEDED });
		expect(client.packets.filter(({ cmd }) => cmd === "pubrel")).toEqual([]);
		client.lose();
		expect(hub.connect(lasting(5, "sub")).messages()).toEqual([]);
	});

	test("an acknowledgement of the wrong kind is a protocol error", () => {
		const hub = new BrokerHarness();
		const client = hub.connect({ version: 5 });
		client.subscribe("t", 2);
		client.publish("t", "x", { qos: 2 });
		client.take();
		acknowledge(client, 1);
		expect(client.takeOne("disconnect").reasonCode).toBe(REASON.PROTOCOL_ERROR);
	});
});

test("[MQTT-4.3.2-5] [3.1.1 MQTT-4.3.2-2] an acknowledged id is a new message when it comes again, DUP or not", () => {
	const hub = new BrokerHarness();
	const client = hub.connect();
	client.subscribe("t", 1);
	client.publish("t", "one", { qos: 1, messageId: 7 });
	client.publish("t", "two", { qos: 1, messageId: 7, dup: true });
	expect(client.payloads()).toEqual(["one", "two"]);
});

test("[MQTT-2.2.1-4] [MQTT-4.3.2-1] [MQTT-4.3.3-1] [3.1.1 MQTT-2.3.1-4] [3.1 section 2.4] packet ids of messages in flight are not used again", () => {
	const hub = new BrokerHarness({ limits: { inflight: 10 } });
	const client = hub.connect();
	client.subscribe("t", 1);
	client.publish("t", "never acknowledged", { qos: 1 });
	const kept = client.messages()[0]?.messageId;
	client.acknowledges = true;
	client.send(...times(500, () => client.publishPacket("t", "", { qos: 1 })));
	const ids = client.messages().map(({ messageId }) => messageId);
	expect(ids.length).toBe(500);
	expect(ids).not.toContain(kept);
	expect(ids).not.toContain(0);
});
