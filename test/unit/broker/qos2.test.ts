import { describe, expect, test } from "@jest/globals";
import { type ProtocolVersion, REASON } from "../../../src/codec/index.ts";
import { BrokerHarness } from "../../support/broker-harness.ts";
import { lasting } from "../../support/lasting.ts";

const VERSIONS: ProtocolVersion[] = [3, 4, 5];

describe.each(VERSIONS)("QoS 2 from a client of level %p", (version) => {
	test("[MQTT-4.3.3-10] [3.1.1 MQTT-4.3.3-2] [3.1 section 4.1] a repeated PUBLISH is answered and not delivered again", () => {
		const hub = new BrokerHarness();
		const subscriber = hub.connect({ clientId: "sub" });
		subscriber.subscribe("t", 2);
		const client = hub.connect(lasting(version));
		client.publish("t", "x", { qos: 2, messageId: 9 });
		client.publish("t", "x", { qos: 2, messageId: 9, dup: true });
		client.lose();
		const again = hub.connect(lasting(version));
		again.publish("t", "x", { qos: 2, messageId: 9, dup: true });
		expect(again.takeOne("pubrec")).toMatchObject({ messageId: 9, reasonCode: 0 });
		again.send({ cmd: "pubrel", messageId: 9, reasonCode: 0 });
		expect(again.takeOne("pubcomp")).toMatchObject({ messageId: 9, reasonCode: 0 });
		expect(subscriber.payloads()).toEqual(["x"]);
	});

	test("[MQTT-4.3.3-12] [3.1.1 MQTT-4.3.3-2] after PUBCOMP the id is free for a new message", () => {
		const hub = new BrokerHarness();
		const client = hub.connect({ version });
		client.subscribe("t");
		for (const payload of ["one", "two"]) {
			client.publish("t", payload, { qos: 2, messageId: 9 });
			client.send({ cmd: "pubrel", messageId: 9, reasonCode: 0 });
		}
		expect(client.payloads()).toEqual(["one", "two"]);
	});

	test("[MQTT-4.3.3-11] [3.1 section 3.7] PUBREL for an unknown id is answered", () => {
		const client = new BrokerHarness().connect({ version });
		client.send({ cmd: "pubrel", messageId: 5, reasonCode: 0 });
		const reasonCode = version === 5 ? REASON.PACKET_IDENTIFIER_NOT_FOUND : 0;
		expect(client.take()).toEqual([{ cmd: "pubcomp", messageId: 5, reasonCode }]);
	});

	test("a clean start forgets the ids", () => {
		const hub = new BrokerHarness();
		const subscriber = hub.connect({ clientId: "sub" });
		subscriber.subscribe("t");
		hub.connect(lasting(version)).publish("t", "x", { qos: 2, messageId: 9 });
		hub.connect({ ...lasting(version), clean: true }).publish("t", "x", { qos: 2, messageId: 9 });
		expect(subscriber.payloads()).toEqual(["x", "x"]);
	});
});

describe.each(VERSIONS)("QoS 2 towards a client of level %p", (version) => {
	test("[MQTT-4.3.3-3] [MQTT-4.3.3-4] [MQTT-4.3.3-5] [MQTT-4.3.3-6] [3.1.1 MQTT-4.3.3-1] [3.1 section 3.6] [3.1 section 4.2] goes on where it stopped after each step", () => {
		const hub = new BrokerHarness();
		const client = hub.connect(lasting(version));
		client.subscribe("t", 2);
		client.publish("t", "x", { qos: 2 });
		const messageId = client.messages()[0]?.messageId ?? 0;

		client.lose(); // PUBLISH not answered: it comes again
		const second = hub.connect(lasting(version));
		expect(second.messages()).toMatchObject([{ messageId, dup: true, qos: 2 }]);
		second.send({ cmd: "pubrec", messageId, reasonCode: 0 });
		expect(second.takeOne("pubrel")).toMatchObject({ messageId, reasonCode: 0 });

		second.lose(); // PUBREL not answered: it alone comes again
		const third = hub.connect(lasting(version));
		expect(third.messages()).toEqual([]);
		expect(third.takeOne("pubrel")).toMatchObject({ messageId });
		third.send({ cmd: "pubcomp", messageId, reasonCode: 0 });

		third.lose();
		expect(hub.connect(lasting(version)).take()).toEqual([]);
	});

	test("a repeated PUBREC is answered again", () => {
		const hub = new BrokerHarness();
		const client = hub.connect({ version });
		client.subscribe("t", 2);
		client.publish("t", "x", { qos: 2 });
		client.take();
		for (let i = 0; i < 2; i++) {
			client.send({ cmd: "pubrec", messageId: 1, reasonCode: 0 });
			expect(client.takeOne("pubrel").messageId).toBe(1);
		}
	});

	test("PUBREC for an unknown id is answered, so that the client can forget it", () => {
		const client = new BrokerHarness().connect({ version });
		client.send({ cmd: "pubrec", messageId: 5, reasonCode: 0 });
		const reasonCode = version === 5 ? REASON.PACKET_IDENTIFIER_NOT_FOUND : 0;
		expect(client.take()).toEqual([{ cmd: "pubrel", messageId: 5, reasonCode }]);
	});

	test("[MQTT-4.6.0-4] PUBRELs are sent again in the order of the PUBRECs", () => {
		const hub = new BrokerHarness();
		const client = hub.connect(lasting(version));
		client.subscribe("t", 2);
		for (const payload of ["a", "b", "c"]) client.publish("t", payload, { qos: 2 });
		const [a, b, c] = client.messages().map(({ messageId }) => messageId ?? 0) as [number, number, number];
		for (const messageId of [c, a]) client.send({ cmd: "pubrec", messageId, reasonCode: 0 });
		client.lose();
		const again = hub.connect(lasting(version)).take();
		expect(again.map((packet) => [packet.cmd, "messageId" in packet ? packet.messageId : 0])).toEqual([
			["publish", b],
			["pubrel", c],
			["pubrel", a],
		]);
	});
});

describe("too many at a time", () => {
	test("[MQTT-3.3.4-7] version 5 is held to the Receive Maximum that it was given", () => {
		const client = new BrokerHarness({ limits: { receiveMaximum: 2 } }).connect({ version: 5 });
		client.publish("t", "1", { qos: 2 });
		client.publish("t", "2", { qos: 2 });
		expect(client.isClosed).toBe(false);
		client.publish("t", "3", { qos: 2 });
		expect(client.takeOne("disconnect").reasonCode).toBe(REASON.RECEIVE_MAXIMUM_EXCEEDED);
	});

	test("acknowledged QoS 1 messages do not count", () => {
		const client = new BrokerHarness({ limits: { receiveMaximum: 2 } }).connect({ version: 5 });
		for (let i = 0; i < 10; i++) client.publish("t", "x", { qos: 1 });
		expect(client.isClosed).toBe(false);
	});

	test("QoS 1 messages whose acknowledgement waits for the store do count", () => {
		const hub = new BrokerHarness({ limits: { receiveMaximum: 2 }, commitsAtOnce: false });
		const client = hub.open(5);
		client.sendConnect({ clientId: "a" });
		for (let i = 0; i < 3; i++) {
			expect(client.isClosed).toBe(false);
			client.publish(`t/${i}`, "x", { qos: 1, retain: true });
		}
		expect(client.isClosed).toBe(true);
	});

	test("3.x, which is told no number, has a bound of its own", () => {
		const client = new BrokerHarness({ limits: { unreleased: 100, receiveMaximum: 2 } }).connect({ version: 4 });
		for (let i = 0; i < 100; i++) client.publish("t", "x", { qos: 2 });
		expect(client.isClosed).toBe(false);
		client.publish("t", "x", { qos: 2 });
		expect(client.isClosed).toBe(true);
	});

	test("[MQTT-4.3.3-9] a refused message leaves no trace in version 5", () => {
		const hub = new BrokerHarness({ limits: { topicLevels: 1, receiveMaximum: 1 } });
		const client = hub.connect({ version: 5 });
		for (let i = 0; i < 3; i++) {
			client.publish("a/b", "x", { qos: 2, messageId: 4 });
			expect(client.takeOne("pubrec").reasonCode).toBe(REASON.TOPIC_NAME_INVALID);
		}
	});

	test("a refused message goes through the whole exchange in 3.1.1, which has no word for it", () => {
		const hub = new BrokerHarness({ limits: { topicLevels: 1 } });
		const client = hub.connect({ version: 4 });
		client.subscribe("#", 2);
		client.publishExactlyOnce("a/b", "x");
		expect(client.messages()).toEqual([]);
	});
});
