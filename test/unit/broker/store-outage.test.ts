import { describe, expect, test } from "@jest/globals";
import { type ProtocolVersion, REASON } from "../../../src/codec/index.ts";
import { BrokerHarness, type HarnessOptions } from "../../support/broker-harness.ts";
import type { BrokerPeer, ConnectOptions } from "../../support/broker-peer.ts";
import { times } from "../../support/times.ts";

const WILL = { topic: "will", payload: new Uint8Array(1), qos: 1, retain: false } as const;
const LASTING = { clean: false, properties: { sessionExpiryInterval: 3_600 } } as const;

/** A hub whose batches become durable when the test says so. */
class Outage extends BrokerHarness {
	constructor(options: HarnessOptions = {}) {
		super({ commitsAtOnce: false, ...options });
	}

	setAvailable(flag: boolean): void {
		this.core.storeAvailable(flag, this.now);
		this.drain();
	}

	/** Connects a client whose session outlives the connection; `version` 4 or 5. */
	lasting(clientId: string, version: ProtocolVersion = 5): BrokerPeer {
		const client = this.resume({ ...LASTING, clientId, version });
		client.takeOne("connack");
		return client;
	}

	/** Sends CONNECT and makes durable what follows. */
	resume(options: ConnectOptions): BrokerPeer {
		const client = this.open(options.version ?? 5);
		client.sendConnect(options);
		this.commit();
		return client;
	}
}

/** A hub with a subscriber to `t` that is away, so that what is published there has to be written. */
function withAbsentSubscriber(options: HarnessOptions = {}): Outage {
	const hub = new Outage(options);
	const subscriber = hub.lasting("sub");
	subscriber.send({ cmd: "subscribe", messageId: 1, subscriptions: [{ topic: "t", qos: 2 }] });
	hub.commit();
	subscriber.lose();
	hub.commit();
	return hub;
}

describe("publishers that wait when the store gives out", () => {
	test("of MQTT 5 are refused in the order of their messages", () => {
		const hub = withAbsentSubscriber();
		const publisher = hub.lasting("pub");
		const ids = times(3, (i) => publisher.publish("t", `${i}`, { qos: 1 }));
		const exact = publisher.publish("t", "exact", { qos: 2 });
		expect(publisher.take()).toEqual([]);
		hub.setAvailable(false);
		const answers = publisher.take();
		expect(answers).toMatchObject([
			...ids.map((messageId) => ({ cmd: "puback", messageId, reasonCode: REASON.QUOTA_EXCEEDED })),
			{ cmd: "pubrec", messageId: exact, reasonCode: REASON.QUOTA_EXCEEDED },
		]);
	});

	test("of MQTT 5 are refused from then on, although earlier writes of theirs are not durable", () => {
		const hub = withAbsentSubscriber();
		const publisher = hub.lasting("pub");
		publisher.publish("t", "first", { qos: 1 });
		hub.setAvailable(false);
		publisher.take();
		publisher.publish("t", "second", { qos: 1 });
		expect(publisher.takeOne("puback").reasonCode).toBe(REASON.QUOTA_EXCEEDED);
	});

	test("of 3.x are disconnected without an acknowledgement", () => {
		for (const qos of [1, 2] as const) {
			const hub = withAbsentSubscriber();
			const publisher = hub.lasting("pub", 4);
			publisher.publish("t", "x", { qos });
			hub.setAvailable(false);
			expect(publisher.isClosed).toBe(true);
			expect(publisher.packets).toEqual([]);
			expect(hub.eventsOf("disconnected").at(-1)?.message).toBe("The broker's store is full.");
		}
	});

	test("may use the id of a refused QoS 2 message for another one", () => {
		const hub = withAbsentSubscriber();
		const publisher = hub.lasting("pub");
		const messageId = publisher.publish("t", "lost", { qos: 2 });
		hub.setAvailable(false);
		publisher.take();
		hub.setAvailable(true);
		hub.commit();
		publisher.publish("other", "new", { qos: 2, messageId });
		hub.commit();
		expect(publisher.takeOne("pubrec").reasonCode).toBe(REASON.NO_MATCHING_SUBSCRIBERS);
	});

	test("keep refusals that had another reason", () => {
		const access = {
			authorizePublish: (_: unknown, topic: string) => topic !== "forbidden",
			authorizeSubscribe: () => true,
			authorizeDelivery: () => true,
		};
		const hub = withAbsentSubscriber({ access });
		const publisher = hub.lasting("pub");
		publisher.publish("t", "x", { qos: 1 });
		publisher.publish("forbidden", "x", { qos: 1 });
		hub.setAvailable(false);
		expect(publisher.take()).toMatchObject([
			{ reasonCode: REASON.QUOTA_EXCEEDED },
			{ reasonCode: REASON.NOT_AUTHORIZED },
		]);
	});
});

describe("while the store takes no writes", () => {
	test("clients come back to their sessions, and get what is in them", () => {
		const hub = withAbsentSubscriber();
		const publisher = hub.lasting("pub");
		publisher.publish("t", "kept", { qos: 1 });
		hub.commit();
		hub.setAvailable(false);
		const subscriber = hub.open(5);
		subscriber.sendConnect({ ...LASTING, clientId: "sub" });
		expect(subscriber.takeOne("connack")).toMatchObject({ sessionPresent: true, reasonCode: 0 });
		expect(subscriber.payloads()).toEqual(["kept"]);
	});

	test("a new session that should last is refused, and one that should not is not", () => {
		const hub = new Outage();
		hub.setAvailable(false);
		const young = hub.open(5);
		young.sendConnect({ ...LASTING, clientId: "young" });
		expect(young.takeOne("connack").reasonCode).toBe(REASON.QUOTA_EXCEEDED);
		const old = hub.open(4);
		old.sendConnect({ clean: false, clientId: "old" });
		expect(old.takeOne("connack").reasonCode).toBe(3);
		hub.connect({ version: 4, clientId: "passing", clean: true });
	});

	test("who was about to come in does, unless a session that should last would be new", () => {
		const hub = withAbsentSubscriber();
		const known = hub.open(5);
		known.sendConnect({ ...LASTING, clientId: "sub" });
		const unknown = hub.open(5);
		unknown.sendConnect({ ...LASTING, clientId: "unknown" });
		const passing = hub.open(4);
		passing.sendConnect({ clean: true, clientId: "passing", will: WILL });
		for (const client of [known, unknown, passing]) expect(client.take()).toEqual([]);
		hub.setAvailable(false);
		expect(known.takeOne("connack")).toMatchObject({ reasonCode: 0, sessionPresent: true });
		expect(passing.takeOne("connack").reasonCode).toBe(0);
		expect(unknown.take()).toEqual([]);
		expect(unknown.isClosed).toBe(true);
	});

	test("nobody is kept from sending for what cannot be written", () => {
		const hub = new Outage({ limits: { uncommittedBytes: 10_000 } });
		const publisher = hub.connect({ version: 4, clientId: "pub", clean: true });
		hub.setAvailable(false);
		for (let i = 0; i < 30; i++) publisher.publish(`t/${i}`, "x".repeat(1_000), { retain: true });
		publisher.send({ cmd: "pingreq" });
		expect(publisher.takeOne("pingresp")).toBeDefined();
	});

	test("who was kept from sending goes on", () => {
		const hub = new Outage({ limits: { uncommittedBytes: 10_000 } });
		const publisher = hub.connect({ version: 4, clientId: "pub", clean: true });
		for (let i = 0; i < 30; i++) publisher.publish(`t/${i}`, "x".repeat(1_000), { retain: true });
		publisher.send({ cmd: "pingreq" });
		expect(publisher.packets).toEqual([]);
		hub.setAvailable(false);
		expect(publisher.takeOne("pingresp")).toBeDefined();
		expect(publisher.isRead).toBe(true);
	});

	test("what was accepted before is delivered once it can be written", () => {
		const hub = withAbsentSubscriber();
		const publisher = hub.lasting("pub");
		publisher.publish("t", "early", { qos: 1 });
		hub.setAvailable(false);
		hub.setAvailable(true);
		hub.commit();
		publisher.take();
		publisher.publish("t", "late", { qos: 1 });
		hub.commit();
		expect(publisher.takeOne("puback").reasonCode).toBe(0);
		const subscriber = hub.resume({ ...LASTING, clientId: "sub", version: 5 });
		expect(subscriber.payloads()).toEqual(["early", "late"]);
	});
});
