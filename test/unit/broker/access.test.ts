import { describe, expect, test } from "@jest/globals";
import type { AccessControl } from "../../../src/broker/index.ts";
import { encodeUtf8, type ProtocolVersion, REASON } from "../../../src/codec/index.ts";
import { BrokerHarness } from "../../support/broker-harness.ts";

const VERSIONS: ProtocolVersion[] = [3, 4, 5];

/** Everybody may do everything, except what is said here. */
function denying(rules: Partial<AccessControl>): AccessControl {
	return {
		authorizePublish: () => true,
		authorizeSubscribe: () => true,
		authorizeDelivery: () => true,
		...rules,
	};
}

describe("the right to publish", () => {
	const access = denying({ authorizePublish: (client, topic) => topic === `home/${client.username}` });

	test.each(VERSIONS)(
		"[3.1.1 MQTT-3.3.5-2] what is refused reaches nobody and is acknowledged, at level %p",
		(version) => {
			const hub = new BrokerHarness({ access });
			const watcher = hub.connect({ clientId: "watcher" });
			watcher.subscribe("#");
			const client = hub.connect({ version, clientId: "a", username: "ada" });
			const denied = version === 5 ? REASON.NOT_AUTHORIZED : 0;
			client.publish("home/eve", "0", { retain: true });
			client.publish("home/eve", "1", { qos: 1, retain: true });
			expect(client.takeOne("puback").reasonCode).toBe(denied);
			client.publish("home/eve", "2", { qos: 2, retain: true });
			expect(client.takeOne("pubrec").reasonCode).toBe(denied);
			client.publish("home/ada", "mine");
			expect(watcher.payloads()).toEqual(["mine"]);
			expect(hub.core.stats).toMatchObject({ retainedMessages: 0, publishRefused: 3 });
		},
	);

	test("holds for wills, when they are published", () => {
		const hub = new BrokerHarness({ access });
		const watcher = hub.connect({ clientId: "watcher" });
		watcher.subscribe("#");
		const will = (topic: string) => ({ topic, payload: encodeUtf8(topic), qos: 1, retain: true }) as const;
		hub.connect({ clientId: "a", username: "ada", will: will("home/eve") }).lose();
		hub.connect({ clientId: "b", username: "ada", will: will("home/ada") }).lose();
		expect(watcher.payloads()).toEqual(["home/ada"]);
		expect(hub.core.stats.retainedMessages).toBe(1);
	});

	test("holds behind a topic alias", () => {
		const hub = new BrokerHarness({ access });
		const client = hub.connect({ version: 5, clientId: "a", username: "ada" });
		client.publish("home/eve", "x", { qos: 1, properties: { topicAlias: 1 } });
		client.publish("", "x", { qos: 1, properties: { topicAlias: 1 } });
		expect(client.take()).toMatchObject([{ reasonCode: 0x87 }, { reasonCode: 0x87 }]);
	});
});

describe("the right to subscribe", () => {
	const access = denying({ authorizeSubscribe: (_, filter) => !filter.startsWith("secret") });

	test.each([
		[3, 0],
		[4, 0x80],
		[5, REASON.NOT_AUTHORIZED],
	] as const)("is refused at level %p with code %p, and nothing is sent", (version, code) => {
		const hub = new BrokerHarness({ access });
		const client = hub.connect({ version });
		client.publish("secret/x", "retained", { retain: true });
		expect(client.subscribe("secret/#")).toEqual([code]);
		client.publish("secret/x", "live");
		expect(client.messages()).toEqual([]);
		expect(hub.core.stats.subscriptions).toBe(0);
	});

	test.each([
		[REASON.UNSPECIFIED_ERROR, [0x80, 0x80]],
		[REASON.QUOTA_EXCEEDED, [REASON.QUOTA_EXCEEDED, 0x80]],
		[REASON.GRANTED_QOS_1, [REASON.NOT_AUTHORIZED, 0x80]],
	] as const)("is refused with the host's own reason code %p, if it is one of a failure", (code, answers) => {
		const hub = new BrokerHarness({ access: denying({ authorizeSubscribe: () => code }) });
		const clients = [hub.connect({ version: 5, clientId: "a" }), hub.connect({ version: 4, clientId: "b" })];
		expect(clients.flatMap((client) => client.subscribe("t", 1))).toEqual(answers);
		expect(hub.core.stats.subscriptions).toBe(0);
	});

	test("is asked for a shared subscription's own filter", () => {
		const client = new BrokerHarness({ access }).connect({ version: 5 });
		expect(client.subscribe("$share/g/secret/a")).toEqual([REASON.NOT_AUTHORIZED]);
		expect(client.subscribe("$share/secret/a")).toEqual([0]);
	});
});

describe("the right to receive", () => {
	const access = denying({
		authorizeDelivery: (client, topic) => !topic.startsWith("secret") || client.clientId === "root",
	});

	test("holds for live, retained and shared messages, under any filter", () => {
		const hub = new BrokerHarness({ access });
		const publisher = hub.connect({ clientId: "pub" });
		publisher.publish("secret/a", "retained", { retain: true });
		const client = hub.connect({ clientId: "a" });
		client.subscribe("#");
		client.subscribe("$share/g/+/a");
		publisher.publish("secret/a", "live");
		publisher.publish("open/a", "live");
		expect(client.messages().map(({ topic }) => topic)).toEqual(["open/a", "open/a"]);
		const root = hub.connect({ clientId: "root" });
		root.subscribe("#");
		expect(root.payloads()).toEqual(["retained"]);
	});

	test("a shared message goes to a member who may have it", () => {
		const hub = new BrokerHarness({ access });
		const [a, root] = ["a", "root"].map((clientId) => {
			const client = hub.connect({ clientId });
			client.subscribe("$share/g/#");
			return client;
		});
		for (let i = 0; i < 4; i++) a?.publish("secret/a", "x");
		expect(a?.messages()).toEqual([]);
		expect(root?.messages().length).toBe(4);
	});

	test("holds for what was queued before it was taken away", () => {
		let allowed = true;
		const hub = new BrokerHarness({ access: denying({ authorizeDelivery: () => allowed }) });
		const options = { clientId: "a", clean: false };
		const client = hub.connect(options);
		client.subscribe("t", 1);
		client.lose();
		const publisher = hub.connect({ clientId: "pub" });
		publisher.publish("t", "x", { qos: 1 });
		allowed = false;
		hub.core.rightsChanged();
		publisher.publish("t", "y", { qos: 1 });
		expect(hub.connect(options).messages()).toEqual([]);
		allowed = true;
		hub.core.rightsChanged();
		publisher.publish("t", "z", { qos: 1 });
		expect(hub.store.counts().queue).toBe(1);
	});

	test("goes by the user of the present connection", () => {
		const byUser = denying({ authorizeDelivery: ({ username }) => username === "ada" });
		const hub = new BrokerHarness({ access: byUser });
		const publisher = hub.connect({ clientId: "pub" });
		const seen = (username: string) => {
			const client = hub.connect({ clientId: "a", username });
			client.subscribe("t");
			publisher.publish("t", "x");
			return client.messages().length;
		};
		expect([seen("eve"), seen("ada"), seen("eve")]).toEqual([0, 1, 0]);
	});
});

test("a client can be disconnected on the host's behalf, with a reason", () => {
	const hub = new BrokerHarness();
	const client = hub.connect({ version: 5, clientId: "a" });
	expect(hub.core.disconnectClient("a", REASON.ADMINISTRATIVE_ACTION, "The user was removed.", hub.now)).toBe(true);
	hub.drain();
	expect(client.takeOne("disconnect")).toMatchObject({ reasonCode: REASON.ADMINISTRATIVE_ACTION });
	expect(client.isClosed).toBe(true);
	expect(hub.core.disconnectClient("a", REASON.ADMINISTRATIVE_ACTION, "", hub.now)).toBe(false);
});

describe("what is refused is reported, since clients of 3.x do not hear of it", () => {
	const access = denying({
		authorizePublish: (client, topic) => topic === `home/${client.username}`,
		authorizeSubscribe: (_, filter) => (filter === "many" ? REASON.QUOTA_EXCEEDED : filter !== "secret"),
	});
	const NO_RIGHT = { reasonCode: REASON.NOT_AUTHORIZED, isRepeated: false };

	test.each(VERSIONS)("messages, a will and filters, at level %p", (version) => {
		const hub = new BrokerHarness({ access });
		const will = { topic: "home/eve", payload: encodeUtf8("x"), qos: 0, retain: false } as const;
		const client = hub.connect({ version, clientId: "a", username: "ada", will });
		client.publish("home/ada", "mine");
		client.publish("home/eve", "0");
		client.publish("$SYS/broker", "1", { qos: 1 });
		client.subscribe("secret");
		client.subscribe("many");
		client.lose();
		const who = { kind: "denied", clientId: "a", username: "ada" };
		expect(hub.eventsOf("denied")).toMatchObject([
			{
				...who,
				action: "publish",
				topic: "home/eve",
				...NO_RIGHT,
				message: "The client may not publish to this topic.",
			},
			{
				...who,
				action: "publish",
				topic: "$SYS/broker",
				...NO_RIGHT,
				message: "Only the broker itself publishes to $SYS.",
			},
			{ ...who, action: "subscribe", topic: "secret", ...NO_RIGHT },
			{ ...who, action: "subscribe", topic: "many", reasonCode: REASON.QUOTA_EXCEEDED },
			{ ...who, action: "will", topic: "home/eve", ...NO_RIGHT },
		]);
	});

	test("as news five times, and again after a minute's peace, for another client, or by other rights", () => {
		const hub = new BrokerHarness({ access });
		const ada = hub.connect({ clientId: "a", username: "ada" });
		const news = () => hub.eventsOf("denied").filter(({ isRepeated }) => !isRepeated).length;
		for (let i = 0; i < 8; i++) ada.publish("home/eve", "x");
		expect(hub.eventsOf("denied")).toHaveLength(8);
		expect(news()).toBe(5);
		hub.advance(60_000);
		ada.publish("home/eve", "x");
		expect(news()).toBe(5);
		hub.connect({ clientId: "b", username: "bert" }).publish("home/eve", "x");
		expect(news()).toBe(6);
		hub.core.rightsChanged();
		ada.publish("home/eve", "x");
		expect(news()).toBe(7);
		for (let i = 0; i < 8; i++) ada.publish("home/eve", "x");
		expect(news()).toBe(11);
		hub.advance(60_001);
		ada.publish("home/eve", "x");
		expect(news()).toBe(12);
	});
});
