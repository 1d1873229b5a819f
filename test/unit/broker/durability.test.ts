import { describe, expect, test } from "@jest/globals";
import { type ProtocolVersion, REASON } from "../../../src/codec/index.ts";
import { BrokerHarness } from "../../support/broker-harness.ts";
import type { BrokerPeer, ConnectOptions } from "../../support/broker-peer.ts";
import { times } from "../../support/times.ts";

const LASTING: ConnectOptions & { version: ProtocolVersion } = {
	version: 5,
	clean: false,
	properties: { sessionExpiryInterval: 3_600 },
};

/** A hub whose batches become durable when the test says so, with clients that are connected. */
function manual(...clientIds: string[]): { hub: BrokerHarness; clients: BrokerPeer[] } {
	const hub = new BrokerHarness({ commitsAtOnce: false });
	const clients = clientIds.map((clientId) => {
		const client = hub.open(5);
		client.sendConnect({ ...LASTING, clientId });
		hub.commit();
		client.take();
		return client;
	});
	return { hub, clients };
}

describe("a commit is urgent", () => {
	test("unless it is of retained messages of QoS 0, which nobody was promised to keep", () => {
		const { hub, clients } = manual("a");
		const [client] = clients;
		hub.batches.length = 0;
		client?.publish("t", "x", { retain: true });
		hub.core.publish({ topic: "own", payload: new Uint8Array(1), retain: true }, hub.now);
		hub.drain();
		expect(hub.batches.map(({ isUrgent }) => isUrgent)).toEqual([false, false]);
	});

	test.each<readonly [what: string, act: (hub: BrokerHarness, client: BrokerPeer) => void]>([
		["its client waits for PUBACK", (_, client) => client.publish("t", "x", { qos: 1, retain: true })],
		["its client waits for PUBREC", (_, client) => client.publish("t", "x", { qos: 2, retain: true })],
		["a session is kept", (_, client) => client.lose()],
		[
			"the host publishes at QoS 1",
			({ core, now }) => core.publish({ topic: "t", payload: new Uint8Array(1), qos: 1, retain: true }, now),
		],
	])("when %s, and takes along what was not", (_, act) => {
		const { hub, clients } = manual("a", "b");
		const [client, other] = clients;
		if (client === undefined) throw new Error("nobody is connected");
		hub.batches.length = 0;
		other?.publish("t", "patient", { retain: true });
		act(hub, client);
		hub.drain();
		expect(hub.batches.map(({ isUrgent }) => isUrgent)).toEqual([false, true]);
	});
});

describe("what waits until it is durable", () => {
	test("CONNACK of a lasting session, and everything after it", () => {
		const hub = new BrokerHarness({ commitsAtOnce: false });
		const client = hub.open(5);
		client.sendConnect({ ...LASTING, clientId: "a" });
		client.send({ cmd: "pingreq" });
		expect(client.take()).toEqual([]);
		hub.commit();
		expect(client.take().map(({ cmd }) => cmd)).toEqual(["connack", "pingresp"]);
	});

	test("but not CONNACK of a session that ends with its connection", () => {
		const hub = new BrokerHarness({ commitsAtOnce: false });
		hub.connect({ version: 4, clientId: "a" });
		expect(hub.batches).toEqual([]);
	});

	test("SUBACK and UNSUBACK of a lasting session", () => {
		const { hub, clients } = manual("a");
		const [client] = clients as [BrokerPeer];
		client.send({ cmd: "subscribe", messageId: 1, subscriptions: [{ topic: "t", qos: 1 }] });
		client.send({ cmd: "unsubscribe", messageId: 2, unsubscriptions: ["t"] });
		expect(client.take()).toEqual([]);
		hub.commit(1);
		expect(client.take().map(({ cmd }) => cmd)).toEqual(["suback"]);
		hub.commit();
		expect(client.take().map(({ cmd }) => cmd)).toEqual(["unsuback"]);
	});

	test("PUBACK of a message that a lasting session gets; the message itself does not wait", () => {
		const { hub, clients } = manual("sub", "pub");
		const [subscriber, publisher] = clients as [BrokerPeer, BrokerPeer];
		subscriber.send({ cmd: "subscribe", messageId: 1, subscriptions: [{ topic: "t", qos: 1 }] });
		hub.commit();
		publisher.publish("t", "x", { qos: 1 });
		expect(subscriber.payloads()).toEqual(["x"]);
		expect(publisher.take()).toEqual([]);
		hub.commit();
		expect(publisher.takeOne("puback").reasonCode).toBe(0);
	});

	test("PUBACK of a retained message", () => {
		const { hub, clients } = manual("pub");
		const [publisher] = clients as [BrokerPeer];
		publisher.publish("t", "x", { qos: 1, retain: true });
		expect(publisher.take()).toEqual([]);
		hub.commit();
		expect(publisher.takeOne("puback")).toBeDefined();
	});

	test("but not PUBACK of a message that leaves nothing behind", () => {
		const { hub, clients } = manual("pub");
		const [publisher] = clients as [BrokerPeer];
		publisher.publish("t", "x", { qos: 1 });
		expect(publisher.takeOne("puback")).toBeDefined();
		expect(hub.batches).toEqual([]);
	});

	test("every step of QoS 2, in both directions", () => {
		const { hub, clients } = manual("sub", "pub");
		const [subscriber, publisher] = clients as [BrokerPeer, BrokerPeer];
		subscriber.send({ cmd: "subscribe", messageId: 1, subscriptions: [{ topic: "t", qos: 2 }] });
		hub.commit();
		subscriber.take();
		const waits = (client: BrokerPeer, cmd: string) => {
			expect([...subscriber.packets, ...publisher.packets]).toEqual([]);
			hub.commit();
			expect(client.packets.map((packet) => packet.cmd)).toEqual([cmd]);
		};
		const messageId = publisher.publish("t", "x", { qos: 2 });
		expect([...subscriber.packets, ...publisher.packets]).toEqual([]);
		hub.commit();
		expect(publisher.takeOne("pubrec")).toBeDefined();
		const id = subscriber.messages()[0]?.messageId ?? 0;
		publisher.send({ cmd: "pubrel", messageId, reasonCode: 0 });
		waits(publisher, "pubcomp");
		publisher.take();
		subscriber.send({ cmd: "pubrec", messageId: id, reasonCode: 0 });
		waits(subscriber, "pubrel");
	});

	test("a repeated QoS 2 PUBLISH over a new connection, as long as the first", () => {
		const { hub, clients } = manual("pub");
		const [publisher] = clients as [BrokerPeer];
		publisher.publish("t", "x", { qos: 2, messageId: 7 });
		publisher.lose();
		const again = hub.open(5);
		again.sendConnect({ ...LASTING, clientId: "pub" });
		again.publish("t", "x", { qos: 2, messageId: 7, dup: true });
		hub.commit(1); // the PUBLISH; the new connection is in the next batch
		expect(again.take()).toEqual([]);
		hub.commit();
		expect(again.take().map(({ cmd }) => cmd)).toEqual(["connack", "pubrec"]);
	});

	test("acknowledgements keep their order, also those that had nothing to wait for", () => {
		const { hub, clients } = manual("pub");
		const [publisher] = clients as [BrokerPeer];
		publisher.publish("t", "x", { qos: 1, retain: true, messageId: 1 });
		publisher.publish("t", "x", { qos: 1, messageId: 2 });
		expect(publisher.take()).toEqual([]);
		hub.commit();
		expect(publisher.take()).toMatchObject([{ messageId: 1 }, { messageId: 2 }]);
	});

	test("other clients do not wait, and neither do QoS 0 messages", () => {
		const { hub, clients } = manual("pub", "other");
		const [publisher, other] = clients as [BrokerPeer, BrokerPeer];
		publisher.publish("t", "x", { qos: 1, retain: true });
		other.publish("u", "y", { qos: 1 });
		expect(other.takeOne("puback")).toBeDefined();
		publisher.send({ cmd: "pingreq" });
		expect(publisher.takeOne("pingresp")).toBeDefined();
		expect(hub.batches.length).toBe(1);
	});
});

describe("group commit", () => {
	test("what comes in together is one batch, and a payload is written once for all who get it", () => {
		const ids = ["a", "b", "c"];
		const { hub, clients } = manual(...ids, "pub");
		const publisher = clients[3] as BrokerPeer;
		for (const client of clients.slice(0, 3)) {
			client.send({ cmd: "subscribe", messageId: 1, subscriptions: [{ topic: "t", qos: 1 }] });
		}
		hub.commit();
		publisher.send(...times(10, (i) => publisher.publishPacket("t", `${i}`, { qos: 1 })));
		expect(hub.batches.length).toBe(1);
		const tables = (hub.batches[0]?.writes ?? []).map(({ table }) => table);
		expect(tables.filter((table) => table === "message").length).toBe(10);
		expect(tables.filter((table) => table === "queue").length).toBe(30);
	});

	test("a message is removed when the last who kept it lets go", () => {
		const hub = new BrokerHarness();
		const options = { version: 4, clean: false } as const;
		const [a, b] = ["a", "b"].map((clientId) => hub.connect({ ...options, clientId })) as [BrokerPeer, BrokerPeer];
		for (const client of [a, b]) client.subscribe("t", 1);
		hub.connect({ clientId: "pub" }).publish("t", "x", { qos: 1, retain: true });
		const rows = () => hub.store.counts().message ?? 0;
		expect(rows()).toBe(1);
		for (const client of [a, b]) client.send({ cmd: "puback", messageId: 1, reasonCode: 0 });
		expect(rows()).toBe(1);
		hub.connect({ clientId: "pub" }).publish("t", "", { retain: true });
		expect(rows()).toBe(0);
	});
});

describe("a store that falls behind", () => {
	const limits = { uncommittedBytes: 10_000, inboxBytes: 1_000_000 };

	test("has publishers wait, and no more memory is used for them", () => {
		const hub = new BrokerHarness({ commitsAtOnce: false, limits });
		const publisher = hub.open(4);
		publisher.sendConnect({ clientId: "pub" });
		publisher.take();
		for (let i = 0; i < 30; i++) publisher.publish(`t/${i}`, "x".repeat(1_000), { qos: 1, retain: true });
		expect(publisher.isRead).toBe(false);
		expect(hub.core.stats.publishReceived).toBeLessThan(15);
		while (hub.batches.length > 0) hub.commit(1);
		expect(publisher.isRead).toBe(true);
		expect(hub.core.stats.publishReceived).toBe(30);
		expect(publisher.take().length).toBe(30);
	});

	test("is not one that puts commits off: they become urgent before a publisher has to wait for them", () => {
		const hub = new BrokerHarness({ commitsAtOnce: false, limits });
		const publisher = hub.connect({ clientId: "pub" });
		for (let i = 0; i < 12; i++) {
			hub.core.publish({ topic: `own/${i}`, payload: new Uint8Array(1_000), retain: true }, hub.now);
			hub.drain();
		}
		expect(hub.batches.map(({ isUrgent }) => isUrgent).indexOf(true)).toBe(4);
		hub.commit();
		publisher.publish("t", "x");
		expect(hub.core.stats.publishReceived).toBe(1);
	});

	test("does not keep subscribers from what needs no store", () => {
		const hub = new BrokerHarness({ commitsAtOnce: false, limits });
		const publisher = hub.connect({ clientId: "pub" });
		const bystander = hub.connect({ clientId: "bystander" });
		for (let i = 0; i < 30; i++) publisher.publish(`t/${i}`, "x".repeat(1_000), { qos: 1, retain: true });
		expect(publisher.isRead).toBe(false);
		bystander.send({ cmd: "subscribe", messageId: 1, subscriptions: [{ topic: "u", qos: 0 }] });
		expect(bystander.takeOne("suback")).toBeDefined();
	});
});

describe("a store that is full", () => {
	test("publishers are told so; everything else goes on", () => {
		const hub = new BrokerHarness();
		const client = hub.connect({ version: 5, clientId: "young" });
		client.subscribe("t", 1);
		hub.core.storeAvailable(false, hub.now);
		client.publish("t", "x", { qos: 1 });
		expect(client.takeOne("puback").reasonCode).toBe(REASON.QUOTA_EXCEEDED);
		client.publish("t", "x", { qos: 2 });
		expect(client.takeOne("pubrec").reasonCode).toBe(REASON.QUOTA_EXCEEDED);
		client.publish("t", "live");
		expect(client.payloads()).toEqual(["live"]);

		const old = hub.connect({ version: 4, clientId: "old" });
		old.publish("t", "x", { qos: 1 });
		expect(old.isClosed).toBe(true); // 3.x has no word for it; an acknowledgement would be a lie
		expect(old.packets).toEqual([]);

		hub.core.storeAvailable(true, hub.now);
		client.publish("t", "again", { qos: 1 });
		expect(client.takeOne("puback").reasonCode).toBe(0);
		expect(client.payloads()).toEqual(["again"]);
	});
});
