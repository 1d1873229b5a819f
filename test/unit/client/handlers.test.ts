import { describe, expect, test } from "@jest/globals";
import { DEVICE_LIMITS, type Message } from "../../../src/client/index.ts";
import { Subscriptions } from "../../../src/client/subscriptions.ts";
import type { PublishPacket, SubscribePacket } from "../../../src/codec/index.ts";
import { answerAll, message, online } from "../../support/client-answers.ts";
import { Harness, type Peer } from "../../support/client-harness.ts";

describe("handlers", () => {
	function counting(h: Harness, filters: readonly string[]): Record<string, number> {
		const calls: Record<string, number> = {};
		for (const filter of filters) {
			calls[filter] = 0;
			h.client.subscribe(filter, () => {
				calls[filter] = (calls[filter] ?? 0) + 1;
			});
		}
		return calls;
	}

	test.each([
		["a/b", { "a/b": 1, "a/+": 1, "a/#": 1, "#": 1, "+/b": 1, "$SYS/#": 0, b: 0, "$share/g/a/b": 1 }],
		["a", { "a/b": 0, "a/+": 0, "a/#": 1, "#": 1, "+/b": 0, "$SYS/#": 0, b: 0, "$share/g/a/b": 0 }],
		["$SYS/x", { "a/b": 0, "a/+": 0, "a/#": 0, "#": 0, "+/b": 0, "$SYS/#": 1, b: 0, "$share/g/a/b": 0 }],
		["/b", { "a/b": 0, "a/+": 0, "a/#": 0, "#": 1, "+/b": 1, "$SYS/#": 0, b: 0, "$share/g/a/b": 0 }],
	])("of the filters that match %s are called, each once", (topic, expected) => {
		const { h, peer } = online();
		const calls = counting(h, Object.keys(expected));
		answerAll(peer);
		peer.send(message(topic));
		expect(calls).toEqual(expected);
	});

	test("that are one function are called once for overlapping filters", () => {
		const { h, peer } = online();
		const seen: Message[] = [];
		const handler = (m: Message) => seen.push(m);
		for (const filter of ["a/b", "a/#", "+/b"]) h.client.subscribe(filter, handler);
		answerAll(peer);
		peer.send(message("a/b"));
		expect(seen).toHaveLength(1);
	});

	test("of one filter are all called; the filter is asked for with the highest QoS", () => {
		const { h, peer } = online();
		let calls = 0;
		h.client.subscribe("a", () => calls++, { qos: 1 });
		h.client.subscribe("a", () => calls++, { qos: 0 });
		const [first] = peer.take() as SubscribePacket[];
		peer.send({ cmd: "suback", messageId: first?.messageId ?? 0, granted: [1] });
		expect(peer.takeOne("subscribe").subscriptions).toMatchObject([{ topic: "a", qos: 1 }]);
		peer.send(message("a"));
		expect(calls).toBe(2);
	});

	test("come and go while topics repeat", () => {
		const { h, peer } = online();
		const seen: string[] = [];
		const first = h.client.subscribe("a/#", () => seen.push("first"));
		answerAll(peer);
		peer.send(message("a/b"));
		const second = h.client.subscribe("a/b", () => seen.push("second"));
		answerAll(peer);
		peer.send(message("a/b"));
		first.unsubscribe();
		peer.send(message("a/b"));
		second.unsubscribe();
		peer.send(message("a/b"));
		expect(seen).toEqual(["first", "first", "second", "second"]);
		expect(h.messages).toHaveLength(1);
	});

	test("of many topics are found however few are remembered", () => {
		const { h, peer } = online({ limits: { routeCache: 2 } });
		const seen: string[] = [];
		h.client.subscribe("t/+", ({ topic }) => seen.push(topic));
		answerAll(peer);
		const topics = [...Array(30).keys()].map((index) => `t/${index % 5}`);
		for (const topic of topics) peer.send(message(topic));
		expect(seen).toEqual(topics);
	});

	test("of a long topic are looked for each time: strangers choose it, and it would stay in memory", () => {
		const subscriptions = new Subscriptions(DEVICE_LIMITS, undefined);
		subscriptions.add("#", () => undefined, {});
		for (const [length, isRemembered] of [
			[256, true],
			[257, false],
		] as const) {
			const topic = "t".repeat(length);
			const route = subscriptions.route(topic);
			expect(route.handlers).toHaveLength(1);
			expect(subscriptions.route(topic) === route).toBe(isRemembered);
		}
	});
});

describe("copies of one message in MQTT 5", () => {
	/** A client with these filters; its identifiers by filter, and the filters whose handlers were called. */
	function identified(filters: readonly string[], properties = {}) {
		const h = new Harness({ protocol: "5" });
		const peer = h.accept({ properties });
		const calls: string[] = [];
		for (const filter of filters) h.client.subscribe(filter, () => calls.push(filter));
		const ids = identifiersOf(peer);
		return { h, peer, calls, ids };
	}

	function identifiersOf(peer: Peer): Record<string, number | undefined> {
		const ids: Record<string, number | undefined> = {};
		for (let packets = peer.take(); packets.length > 0; packets = peer.take()) {
			for (const packet of packets) {
				if (packet.cmd !== "subscribe") continue;
				for (const { topic } of packet.subscriptions) ids[topic] = packet.properties?.subscriptionIdentifier;
				peer.send({ cmd: "suback", messageId: packet.messageId, granted: packet.subscriptions.map(() => 0) });
			}
		}
		return ids;
	}

	function copy(topic: string, ...identifiers: (number | undefined)[]): PublishPacket {
		const subscriptionIdentifier = identifiers.map((id) => id ?? 0);
		return { ...message(topic), properties: { subscriptionIdentifier } };
	}

	test("that name their subscriptions call each handler once", () => {
		const { peer, calls, ids } = identified(["a/+", "a/#", "$share/g/a/b", "other"]);
		expect(new Set(Object.values(ids)).size).toBe(4);
		peer.send(copy("a/b", ids["a/+"]), copy("a/b", ids["a/#"]), copy("a/b", ids["$share/g/a/b"]));
		expect(calls).toEqual(["a/+", "a/#", "$share/g/a/b"]);
	});

	test("that are merged into one call each handler once", () => {
		const { peer, calls, ids } = identified(["a/+", "a/#"]);
		peer.send(copy("a/b", ids["a/#"], ids["a/+"]));
		expect([...calls].sort()).toEqual(["a/#", "a/+"]);
	});

	test("for a subscription that was given up in the meantime call nobody else", () => {
		const { h, peer, calls, ids } = identified(["a/+"]);
		const handle = h.client.subscribe("a/#", () => calls.push("a/#"));
		Object.assign(ids, identifiersOf(peer));
		handle.unsubscribe();
		peer.send(copy("a/b", ids["a/#"]), copy("a/b", ids["a/+"]));
		expect(calls).toEqual(["a/+"]);
		expect(h.messages).toHaveLength(1);
	});

	test("that name nothing go by their topic", () => {
		const { peer, calls } = identified(["a/+", "a/#"]);
		peer.send(message("a/b"));
		expect([...calls].sort()).toEqual(["a/#", "a/+"]);
	});

	test("cannot be told apart where the broker has no identifiers: none are sent", () => {
		const { peer, calls, ids } = identified(["a/+", "a/#"], { subscriptionIdentifiersAvailable: false });
		expect(ids).toEqual({ "a/+": undefined, "a/#": undefined });
		peer.send(message("a/b"));
		expect([...calls].sort()).toEqual(["a/#", "a/+"]);
	});

	test("keep their identifiers over a restart, whatever else is subscribed to", () => {
		const first = identified(["x", "a/#"]);
		const second = identified(["a/#", "y"]);
		expect(second.ids["a/#"]).toBe(first.ids["a/#"]);
	});

	test("that an earlier life subscribed to go by their topic", () => {
		const h = new Harness({ protocol: "5", clean: false });
		const calls: string[] = [];
		h.client.subscribe("a/+", () => calls.push("a/+"));
		const peer = h.accept({ sessionPresent: true });
		peer.send(copy("a/b", 12_345));
		expect(calls).toEqual(["a/+"]);
		peer.drop();
		h.accept({ sessionPresent: true }).send(copy("a/b", 12_345));
		expect(calls).toEqual(["a/+"]);
	});
});
