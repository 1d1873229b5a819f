import { describe, expect, test } from "@jest/globals";
import type { Passage } from "../../../src/broker/index.ts";
import { encodeUtf8, type PublishProperties, type QoS } from "../../../src/codec/index.ts";
import { BrokerHarness } from "../../support/broker-harness.ts";

/** Marks what comes in, and lets nothing in that has its mark. */
const MARKING: Passage = {
	enter: (topic, properties) =>
		properties?.userProperties?.mark === undefined && { ...properties, userProperties: { mark: topic } },
};

const MARKED: PublishProperties = { userProperties: { mark: "before" } };

describe("a passage", () => {
	test.each<QoS>([0, 1, 2])("gives a message other properties, which all subscribers of MQTT 5 get (QoS %i)", (qos) => {
		const hub = new BrokerHarness({ passage: MARKING });
		const subscribers = ([3, 4, 5] as const).map((version) => hub.connect({ version, clientId: `s${version}` }));
		for (const subscriber of subscribers) subscriber.subscribe("#", 2);
		for (const version of [4, 5] as const) hub.connect({ version, clientId: `p${version}` }).publish("t", "x", { qos });
		for (const subscriber of subscribers) {
			const userProperties = subscriber.version === 5 ? { mark: "t" } : undefined;
			const messages = subscriber.messages();
			expect(messages).toMatchObject([{ topic: "t", payload: "x", qos }, { payload: "x" }]);
			for (const { properties } of messages) expect(properties?.userProperties).toEqual(userProperties);
		}
	});

	test.each([
		[1, "puback"],
		[2, "pubrec"],
	] as const)("keeps a message out, whose sender is told that it was taken (QoS %i)", (qos, ack) => {
		const hub = new BrokerHarness({ passage: MARKING });
		const subscriber = hub.connect({ version: 5, clientId: "s" });
		subscriber.subscribe("#", 2);
		const publisher = hub.connect({ version: 5, clientId: "p" });
		publisher.publish("t", "x", { qos, retain: true, properties: MARKED });
		expect(publisher.takeOne(ack).reasonCode).toBe(0);
		expect(subscriber.messages()).toEqual([]);
		expect(hub.core.stats.retainedMessages).toBe(0);
	});

	test("is not asked about what is refused", () => {
		const asked: string[] = [];
		const passage: Passage = {
			enter(topic, properties) {
				asked.push(topic);
				return properties;
			},
		};
		const limits = { retainedMessages: 1 };
		const hub = new BrokerHarness({ passage, limits });
		const client = hub.connect({ version: 5 });
		client.publish("first", "x", { qos: 1, retain: true });
		client.publish("second", "x", { qos: 1, retain: true });
		client.publish("$SYS/x", "x", { qos: 1 });
		expect(asked).toEqual(["first"]);
	});

	test("is for wills and for the host's own messages, too, but not for $SYS", () => {
		const hub = new BrokerHarness({ passage: MARKING });
		const subscriber = hub.connect({ version: 5, clientId: "s" });
		subscriber.subscribe([
			{ topic: "#", qos: 0 },
			{ topic: "$SYS/#", qos: 0 },
		]);
		const payload = encodeUtf8("x");
		hub.connect({ clientId: "w", will: { topic: "will", payload, qos: 0, retain: false } }).lose();
		for (const topic of ["own", "$SYS/own"]) hub.core.publish({ topic, payload }, hub.now);
		hub.core.publish({ topic: "again", payload, properties: MARKED }, hub.now);
		hub.drain();
		const marks = subscriber.messages().map(({ topic, properties }) => [topic, properties?.userProperties?.mark]);
		expect(marks).toEqual([
			["will", "will"],
			["own", "own"],
			["$SYS/own", undefined],
		]);
	});
});

describe("sessions, as the host sees them", () => {
	test("have a client, a user and filters, and end when the host says so, but not under a connection", () => {
		const hub = new BrokerHarness();
		const client = hub.connect({ clean: false, clientId: "a", username: "anna" });
		client.subscribe("x/#", 1);
		client.subscribe("y", 1);
		const kept = { clientId: "a", username: "anna", filters: ["x/#", "y"] };
		expect([...hub.core.sessions()]).toEqual([{ ...kept, info: expect.objectContaining({ transport: "tcp" }) }]);
		expect(hub.core.endSession("a", hub.now)).toBe(false);
		client.lose();
		expect([...hub.core.sessions()]).toEqual([{ ...kept, info: undefined }]);
		expect(hub.core.endSession("a", hub.now)).toBe(true);
		hub.drain();
		expect([...hub.core.sessions()]).toEqual([]);
		expect(hub.core.endSession("a", hub.now)).toBe(false);
		hub.crash();
		expect([...hub.core.sessions()]).toEqual([]);
	});
});
