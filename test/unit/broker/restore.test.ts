import { describe, expect, test } from "@jest/globals";
import { BrokerCore, RecordError } from "../../../src/broker/index.ts";
import { encodeUtf8, type ProtocolVersion } from "../../../src/codec/index.ts";
import { BrokerHarness } from "../../support/broker-harness.ts";
import type { BrokerPeer, ConnectOptions } from "../../support/broker-peer.ts";
import { SeededRandom } from "../../support/seeded-random.ts";

const LASTING: ConnectOptions & { version: ProtocolVersion } = {
	version: 5,
	clean: false,
	properties: { sessionExpiryInterval: 100 },
};

describe("after a restart", () => {
	test("sessions and their subscriptions are there, with all options", () => {
		const hub = new BrokerHarness();
		const client = hub.connect({ ...LASTING, clientId: "a", username: "ada" });
		client.subscribe([{ topic: "t/#", qos: 2, nl: true, rap: true }], 0, { subscriptionIdentifier: 268_435_455 });
		client.subscribe("gone");
		client.unsubscribe("gone");
		hub.crash();
		expect(hub.core.stats).toMatchObject({ sessions: 1, subscriptions: 1, clientsConnected: 0 });
		const again = hub.connect({ ...LASTING, clientId: "a", username: "ada" });
		expect(again.connack?.sessionPresent).toBe(true);
		again.publish("t/own", "own");
		hub.connect({ clientId: "b" }).publish("t/x", "x", { qos: 2, retain: true });
		expect(again.messages()).toMatchObject([
			{ payload: "x", qos: 2, retain: true, properties: { subscriptionIdentifier: [268_435_455] } },
		]);
	});

	test("retained messages are there, as they were", () => {
		const hub = new BrokerHarness();
		const publisher = hub.connect({ version: 5, clientId: "pub" });
		const properties = {
			contentType: "a/b",
			userProperties: { b: ["2", "1"], a: "ü" },
			correlationData: new Uint8Array(3),
		};
		publisher.publish("a", "old", { qos: 1, retain: true });
		publisher.publish("a", "new", { qos: 2, retain: true, properties });
		publisher.publish("b", "removed", { retain: true });
		publisher.publish("b", "", { retain: true });
		publisher.publish("c", "not retained");
		hub.crash();
		expect(hub.core.stats).toMatchObject({ retainedMessages: 1, retainedBytes: 4 });
		const client = hub.connect({ version: 5, clientId: "sub" });
		client.subscribe("#", 2);
		expect(client.messages()).toMatchObject([{ topic: "a", payload: "new", qos: 2, retain: true, properties }]);
	});

	test("queued and unacknowledged messages follow, in order, with DUP and their ids", () => {
		const hub = new BrokerHarness({ limits: { inflight: 3 } });
		const subscriber = hub.connect({ ...LASTING, clientId: "sub" });
		subscriber.subscribe("t", 2);
		const publisher = hub.connect({ clientId: "pub" });
		for (let i = 0; i < 6; i++) publisher.publish("t", `${i}`, { qos: i % 2 === 0 ? 1 : 2 });
		const sent = subscriber.messages();
		hub.crash();
		const again = hub.connect({ ...LASTING, clientId: "sub" });
		const received = again.messages();
		expect(received).toEqual(sent.map((message) => ({ ...message, dup: true })));
		again.acknowledges = true;
		again.send({ cmd: "puback", messageId: received[0]?.messageId ?? 0, reasonCode: 0 });
		expect(again.messages().map(({ payload, dup }) => [payload, dup])).toEqual(["3", "4", "5"].map((n) => [n, false]));
	});

	test("QoS 2 goes on at its step, on both sides", () => {
		const hub = new BrokerHarness();
		const subscriber = hub.connect({ ...LASTING, clientId: "sub" });
		subscriber.subscribe("t", 2);
		const publisher = hub.connect({ ...LASTING, clientId: "pub" });
		publisher.publish("t", "x", { qos: 2, messageId: 5 });
		const id = subscriber.messages()[0]?.messageId ?? 0;
		subscriber.send({ cmd: "pubrec", messageId: id, reasonCode: 0 });
		hub.crash();

		const secondPublisher = hub.connect({ ...LASTING, clientId: "pub" });
		secondPublisher.publish("t", "x", { qos: 2, messageId: 5, dup: true });
		expect(secondPublisher.takeOne("pubrec").messageId).toBe(5);
		const secondSubscriber = hub.connect({ ...LASTING, clientId: "sub" });
		expect(secondSubscriber.messages()).toEqual([]);
		expect(secondSubscriber.takeOne("pubrel").messageId).toBe(id);
		secondSubscriber.send({ cmd: "pubcomp", messageId: id, reasonCode: 0 });
		secondPublisher.send({ cmd: "pubrel", messageId: 5, reasonCode: 0 });
		hub.crash();
		expect(hub.connect({ ...LASTING, clientId: "sub" }).take()).toEqual([]);
		expect(hub.store.counts().received).toBeUndefined();
	});

	test("sessions that ended with their connection are gone, and leave nothing behind", () => {
		const hub = new BrokerHarness();
		const client = hub.connect({ clientId: "a" });
		client.subscribe("t", 1);
		client.publish("t", "x", { qos: 1 });
		hub.crash();
		expect(hub.core.stats).toMatchObject({ sessions: 0, subscriptions: 0, storedMessages: 0 });
		expect(hub.store.counts()).toEqual({});
	});

	test("new sessions and messages get numbers of their own", () => {
		const hub = new BrokerHarness();
		const first = hub.connect({ ...LASTING, clientId: "a" });
		first.subscribe("t", 1);
		first.publish("t", "1", { qos: 1 });
		hub.crash();
		const second = hub.connect({ ...LASTING, clientId: "b" });
		second.subscribe("t", 1);
		second.subscribe("u", 1);
		second.publish("t", "2", { qos: 1 });
		hub.crash();
		expect(hub.connect({ ...LASTING, clientId: "a" }).payloads()).toEqual(["1", "2"]);
		expect(hub.connect({ ...LASTING, clientId: "b" }).payloads()).toEqual(["2"]);
	});

	test("retained messages that were still to be sent for a new subscription are sent", () => {
		const hub = new BrokerHarness({ limits: { inflight: 1 } });
		const publisher = hub.connect({ clientId: "pub" });
		for (const topic of ["a", "b", "c"]) publisher.publish(topic, topic, { qos: 1, retain: true });
		hub.connect({ ...LASTING, clientId: "sub" }).subscribe("#", 1);
		hub.crash();
		const again = hub.connect({ ...LASTING, clientId: "sub" });
		again.acknowledges = true;
		again.send({ cmd: "puback", messageId: again.messages()[0]?.messageId ?? 0, reasonCode: 0 });
		expect(new Set(again.payloads())).toEqual(new Set(["a", "b", "c"]));
		hub.crash();
		expect(hub.connect({ ...LASTING, clientId: "sub" }).messages()).toEqual([]);
	});

	test("messages of shared subscriptions still go to another member when theirs is gone", () => {
		const hub = new BrokerHarness();
		const a = hub.connect({ ...LASTING, clientId: "a" });
		a.subscribe("$share/g/t", 1);
		a.lose();
		hub.connect({ clientId: "pub" }).publish("t", "x", { qos: 1 });
		hub.crash();
		const b = hub.connect({ ...LASTING, clientId: "b" });
		b.subscribe("$share/g/t", 1);
		hub.connect({ ...LASTING, clientId: "a", clean: true });
		expect(b.payloads()).toEqual(["x"]);
	});
});

describe("clocks across a restart", () => {
	const EPOCH = 1_700_000_000_000;

	/** Starts a core on a store's rows, `later` ms after `hub` stopped, with a monotonic clock that starts at 5. */
	function restart(hub: BrokerHarness, later: number): BrokerHarness {
		const now = 5;
		const epoch = EPOCH + hub.now + later - now;
		return new BrokerHarness({ epoch, now, state: hub.store.rows() });
	}

	test("a session's expiry goes on", () => {
		const hub = new BrokerHarness({ epoch: EPOCH });
		hub.connect({ ...LASTING, clientId: "a" }).lose();
		hub.advance(40_000);
		const next = restart(hub, 50_000);
		next.advance(9_999);
		expect(next.core.stats.sessions).toBe(1);
		next.advance(1);
		expect(next.core.stats.sessions).toBe(0);
	});

	test("goes by the system's clock, which may be set while the broker runs", () => {
		const hub = new BrokerHarness({ epoch: 0 }); // a machine without a clock, before it has asked for the time
		hub.core.changeEpoch(EPOCH);
		hub.connect({ ...LASTING, clientId: "a" }).lose();
		const next = restart(hub, 50_000);
		expect(next.connect({ ...LASTING, clientId: "a" }).connack?.sessionPresent).toBe(true);
	});

	test("a session that ended while the broker was away is not there for the very first client", () => {
		const hub = new BrokerHarness({ epoch: EPOCH });
		hub.connect({ ...LASTING, clientId: "a" }).lose();
		const next = restart(hub, 100_000);
		expect(next.connect({ ...LASTING, clientId: "a" }).connack?.sessionPresent).toBe(false);
	});

	test("for a client that was connected it begins with the restart", () => {
		const hub = new BrokerHarness({ epoch: EPOCH });
		hub.connect({ ...LASTING, clientId: "a" });
		const next = restart(hub, 1_000_000);
		next.advance(99_999);
		expect(next.core.stats.sessions).toBe(1);
		next.advance(1);
		expect(next.core.stats.sessions).toBe(0);
	});

	test("so does a message's expiry", () => {
		const hub = new BrokerHarness({ epoch: EPOCH });
		const publisher = hub.connect({ version: 5, clientId: "pub" });
		for (const seconds of [10, 100]) {
			const properties = { messageExpiryInterval: seconds };
			publisher.publish(`t/${seconds}`, "x", { qos: 1, retain: true, properties });
		}
		const next = restart(hub, 30_000);
		const client = next.connect({ version: 5, clientId: "sub" });
		client.subscribe("#");
		expect(client.messages()).toMatchObject([{ topic: "t/100", properties: { messageExpiryInterval: 70 } }]);
	});

	test("so does a will delay", () => {
		const hub = new BrokerHarness({ epoch: EPOCH });
		const watcher = hub.connect({ ...LASTING, clientId: "watcher" });
		watcher.subscribe("status", 1);
		const will = {
			topic: "status",
			payload: encodeUtf8("off"),
			qos: 1,
			retain: true,
			properties: { willDelayInterval: 60 },
		} as const;
		hub.connect({ ...LASTING, clientId: "a", will }).lose();
		const next = restart(hub, 40_000);
		next.advance(19_000);
		expect(next.core.stats.willsPublished).toBe(0);
		next.advance(1_000);
		expect(next.connect({ ...LASTING, clientId: "watcher" }).payloads()).toEqual(["off"]);
		expect(next.core.stats.retainedMessages).toBe(1);
	});
});

describe("wills of clients that were connected when the broker stopped", () => {
	const will = { topic: "status", payload: encodeUtf8("off"), qos: 1, retain: true } as const;

	test.each(["crash", "shutdown"] as const)("are published after the restart: %s", (how) => {
		const hub = new BrokerHarness();
		hub.connect({ clientId: "clean", will: { ...will, topic: "status/clean" } });
		hub.connect({ ...LASTING, clientId: "lasting", will: { ...will, topic: "status/lasting" } });
		hub.connect({ clientId: "polite", will: { ...will, topic: "status/polite" } }).disconnect();
		if (how === "shutdown") {
			hub.core.shutdown(hub.now);
			hub.drain();
		}
		hub.crash();
		const watcher = hub.connect({ clientId: "watcher" });
		watcher.subscribe("status/#");
		expect(
			watcher
				.messages()
				.map(({ topic }) => topic)
				.sort(),
		).toEqual(["status/clean", "status/lasting"]);
		expect(hub.store.counts().will).toBeUndefined();
		hub.crash();
		expect(hub.core.stats.willsPublished).toBe(0);
	});
});

describe("a store that cannot be read", () => {
	const hub = new BrokerHarness();
	const client: BrokerPeer = hub.connect({ ...LASTING, clientId: "a" });
	client.subscribe("t", 1);
	client.publish("t", "x", { qos: 1, retain: true });
	const rows = hub.store.rows();

	test("is refused with the place, whichever row is cut short", () => {
		for (const [index, row] of rows.entries()) {
			if (row.value.length === 0) continue;
			const cut = { ...row, value: row.value.slice(0, row.value.length >> 1) };
			const damaged = rows.map((other, at) => (at === index ? cut : other));
			expect(() => new BrokerCore({ random: new SeededRandom(), state: damaged })).toThrow(RecordError);
			expect(() => new BrokerCore({ random: new SeededRandom(), state: damaged })).toThrow(`table "${row.table}"`);
		}
	});

	test("is refused if a row refers to one that is missing", () => {
		for (const table of ["message", "session"]) {
			const damaged = rows.filter((row) => row.table !== table);
			expect(() => new BrokerCore({ random: new SeededRandom(), state: damaged })).toThrow(`there is no ${table}`);
		}
	});
});
