import { describe, expect, test } from "@jest/globals";
import type { ClientError, ClientOptions, Message } from "../../../src/client/index.ts";
import {
	encode,
	type PublishPacket,
	type SubscribePacket,
	type UnsubscribePacket,
	UsageError,
} from "../../../src/codec/index.ts";
import { Harness, type Peer } from "../../support/client-harness.ts";

function online(options: ClientOptions = {}): { h: Harness; peer: Peer } {
	const h = new Harness(options);
	return { h, peer: h.accept() };
}

function message(topic: string): PublishPacket {
	const payload = new Uint8Array(0);
	return {
		cmd: "publish",
		topic,
		payload,
		qos: 0,
		retain: false,
		dup: false,
		messageId: undefined,
		properties: undefined,
	};
}

/** Answers what the client asks until it asks no more. Returns the filters of each SUBSCRIBE and UNSUBSCRIBE. */
function answerAll(peer: Peer): { subscribed: string[][]; unsubscribed: string[][] } {
	const subscribed: string[][] = [];
	const unsubscribed: string[][] = [];
	for (let packets = peer.take(); packets.length > 0; packets = peer.take()) {
		for (const packet of packets) {
			if (packet.cmd === "subscribe") {
				subscribed.push(packet.subscriptions.map(({ topic }) => topic));
				const granted = packet.subscriptions.map(({ qos }) => qos);
				peer.send({ cmd: "suback", messageId: packet.messageId, granted });
			} else if (packet.cmd === "unsubscribe") {
				unsubscribed.push([...packet.unsubscriptions]);
				const granted = peer.version === 5 ? packet.unsubscriptions.map(() => 0) : [];
				peer.send({ cmd: "unsuback", messageId: packet.messageId, granted });
			}
		}
	}
	return { subscribed, unsubscribed };
}

const nothing = () => undefined;

describe("subscribe", () => {
	test("sends SUBSCRIBE, and is done with what was granted", () => {
		const { h, peer } = online({ protocol: "5" });
		const seen: unknown[] = [];
		h.client.subscribe("a/+", nothing, { qos: 2, nl: true, rap: true, rh: 1 }, (error, granted) => {
			seen.push([error, granted]);
		});
		const packet = peer.takeOne("subscribe");
		expect(packet.subscriptions).toEqual([{ topic: "a/+", qos: 2, nl: true, rap: true, rh: 1 }]);
		expect(seen).toEqual([]);
		peer.send({ cmd: "suback", messageId: packet.messageId, granted: [1] });
		expect(seen).toEqual([[undefined, 1]]);
	});

	test("before there is a connection waits for it", () => {
		const h = new Harness();
		h.client.subscribe("a", nothing);
		h.client.subscribe("b", nothing);
		expect(answerAll(h.accept()).subscribed).toEqual([["a", "b"]]);
	});

	test("that is refused says so, and is tried again on the next connection", () => {
		const { h, peer } = online({ protocol: "5" });
		let seen: ClientError | undefined;
		h.client.subscribe("secret/#", nothing, {}, (error) => {
			seen = error;
		});
		const properties = { reasonString: "not for you" };
		peer.send({ cmd: "suback", messageId: peer.takeOne("subscribe").messageId, granted: [0x87], properties });
		expect(seen).toMatchObject({ code: "refused", reasonCode: 0x87 });
		expect(seen?.message).toMatch(/"secret.*not authorized.*not for you/);
		peer.drop();
		expect(answerAll(h.accept()).subscribed).toEqual([["secret/#"]]);
	});

	test("that 3.1.1 refuses with 0x80 says so, also in the log", () => {
		const { h, peer } = online();
		h.client.subscribe("a", nothing);
		peer.send({ cmd: "suback", messageId: peer.takeOne("subscribe").messageId, granted: [0x80] });
		expect(h.lines).toEqual([{ level: "warn", message: expect.stringContaining('"a"') }]);
	});

	test.each([
		["", /is empty/],
		["a/#/b", /# before its end/],
		["a+", /\+ inside a level/],
		["$share//a", /share name/],
		["a\0", /U\+0000/],
	])("throws for a filter that no broker can take: %j", (filter, fault) => {
		const { h, peer } = online();
		expect(() => h.client.subscribe(filter, nothing)).toThrow(UsageError);
		expect(() => h.client.subscribe(filter, nothing)).toThrow(fault);
		expect(peer.take()).toEqual([]);
	});

	test("throws for No Local on a shared subscription", () => {
		const { h } = online({ protocol: "5" });
		expect(() => h.client.subscribe("$share/g/a", nothing, { nl: true })).toThrow(/MQTT-3\.8\.3-4/);
	});

	test("over the limit fails with an error", () => {
		const { h, peer } = online({ limits: { maxSubscriptions: 2 } });
		const codes: unknown[] = [];
		for (const filter of ["a", "b", "c"]) h.client.subscribe(filter, nothing, {}, (error) => codes.push(error?.code));
		answerAll(peer);
		expect(codes).toEqual(["full", undefined, undefined]);
		h.client.subscribe("c", nothing).unsubscribe(); // the handle of what was not taken does nothing
		h.client.subscribe("a", nothing);
		expect(answerAll(peer).subscribed).toEqual([["a"]]);
	});

	test.each([
		[{ wildcardSubscriptionAvailable: false }, "a/#", 0xa2],
		[{ sharedSubscriptionAvailable: false }, "$share/g/a", 0x9e],
	])("does not ask for what the broker does not have: %j", (properties, filter, reasonCode) => {
		const h = new Harness({ protocol: "5" });
		const peer = h.accept({ properties });
		let seen: ClientError | undefined;
		h.client.subscribe(filter, nothing, {}, (error) => {
			seen = error;
		});
		expect(seen).toMatchObject({ code: "refused", reasonCode });
		h.client.subscribe("plain", nothing);
		expect(answerAll(peer).subscribed).toEqual([["plain"]]);
	});

	test("as a promise resolves to the handle, and is rejected when it is refused", async () => {
		const { h, peer } = online();
		const granted = h.client.subscribeAsync("a", nothing);
		answerAll(peer);
		(await granted).unsubscribe();
		expect(answerAll(peer).unsubscribed).toEqual([["a"]]);
		const refused = h.client.subscribeAsync("b", nothing);
		peer.send({ cmd: "suback", messageId: peer.takeOne("subscribe").messageId, granted: [0x80] });
		await expect(refused).rejects.toMatchObject({ code: "refused", reasonCode: 0x80 });
	});
});

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
});

describe("unsubscribe", () => {
	test("sends UNSUBSCRIBE with the last handler only, once", () => {
		const { h, peer } = online();
		const first = h.client.subscribe("a", nothing);
		const second = h.client.subscribe("a", nothing);
		answerAll(peer);
		first.unsubscribe();
		first.unsubscribe();
		expect(peer.take()).toEqual([]);
		second.unsubscribe();
		expect(answerAll(peer).unsubscribed).toEqual([["a"]]);
	});

	test("of what was never asked for sends nothing", () => {
		const h = new Harness();
		h.client.subscribe("a", nothing).unsubscribe();
		expect(h.accept().take()).toEqual([]);
	});

	test("while SUBSCRIBE is on its way follows it", () => {
		const { h, peer } = online();
		const handle = h.client.subscribe("a", nothing);
		handle.unsubscribe();
		expect(answerAll(peer)).toEqual({ subscribed: [["a"]], unsubscribed: [["a"]] });
	});

	test("and subscribing again while UNSUBSCRIBE is on its way ends subscribed", () => {
		const { h, peer } = online();
		const handle = h.client.subscribe("a", nothing);
		answerAll(peer);
		handle.unsubscribe();
		const { messageId } = peer.takeOne("unsubscribe");
		h.client.subscribe("a", nothing);
		expect(peer.take()).toEqual([]);
		peer.send({ cmd: "unsuback", messageId, granted: [] });
		expect(answerAll(peer)).toEqual({ subscribed: [["a"]], unsubscribed: [] });
	});

	test("while offline reaches a broker that kept the session", () => {
		const { h, peer } = online({ clean: false });
		const handle = h.client.subscribe("a", nothing);
		h.client.subscribe("b", nothing);
		answerAll(peer);
		peer.drop();
		handle.unsubscribe();
		expect(answerAll(h.accept({ sessionPresent: true }))).toEqual({ subscribed: [], unsubscribed: [["a"]] });
	});
});

describe("after a reconnect", () => {
	test("everything is subscribed again if the session is lost", () => {
		const { h, peer } = online({ clean: false });
		h.client.subscribe("a", nothing);
		h.client.subscribe("b", nothing);
		answerAll(peer);
		peer.drop();
		expect(answerAll(h.accept({ sessionPresent: false })).subscribed).toEqual([["a", "b"]]);
	});

	test("nothing is subscribed again if the broker kept the session, but what it never granted", () => {
		const { h, peer } = online({ clean: false });
		h.client.subscribe("a", nothing);
		answerAll(peer);
		let granted = false;
		h.client.subscribe("b", nothing, {}, () => {
			granted = true;
		});
		peer.drop();
		h.client.subscribe("c", nothing);
		expect(answerAll(h.accept({ sessionPresent: true })).subscribed).toEqual([["b", "c"]]);
		expect(granted).toBe(true);
	});

	test("everything is subscribed again in 3.1, where the broker does not say", () => {
		const { h, peer } = online({ clean: false, protocol: "3.1" });
		h.client.subscribe("a", nothing);
		answerAll(peer);
		peer.drop();
		expect(answerAll(h.accept()).subscribed).toEqual([["a"]]);
	});

	test("of a new process, everything is subscribed even if the broker kept the session", () => {
		const h = new Harness({ clean: false });
		h.client.subscribe("a", nothing);
		expect(answerAll(h.accept({ sessionPresent: true })).subscribed).toEqual([["a"]]);
	});

	test("many filters go out in slices, each after the answer to the one before", () => {
		const { h, peer } = online({ limits: { maxSubscriptions: 50 } });
		for (let index = 0; index < 30; index++) h.client.subscribe(`filter/${index}`, nothing);
		answerAll(peer);
		peer.drop();
		const again = h.accept();
		expect(again.packets).toHaveLength(1);
		const { subscribed } = answerAll(again);
		expect(subscribed.map((filters) => filters.length)).toEqual([8, 8, 8, 6]);
	});

	test("long filters are sliced by their bytes, and by what the broker takes", () => {
		const h = new Harness({ protocol: "5" });
		for (let index = 0; index < 4; index++) h.client.subscribe(`${"x".repeat(60)}${index}`, nothing);
		let error: ClientError | undefined;
		h.client.subscribe("y".repeat(300), nothing, {}, (e) => {
			error = e;
		});
		const peer = h.accept({ properties: { maximumPacketSize: 256 } });
		const sizes: number[] = [];
		for (let packet = peer.packets[0]; packet?.cmd === "subscribe"; packet = peer.packets[0]) {
			sizes.push(encode(packet, 5).length);
			peer.take();
			peer.send({ cmd: "suback", messageId: packet.messageId, granted: packet.subscriptions.map(() => 0) });
		}
		expect(sizes.every((size) => size <= 256)).toBe(true);
		expect(sizes).toHaveLength(4);
		expect(error?.code).toBe("tooLarge");
	});
});

describe("an answer", () => {
	const wrong: readonly (readonly [string, (peer: Peer, id: number) => void])[] = [
		["with too few codes", (peer, messageId) => peer.send({ cmd: "suback", messageId, granted: [0] })],
		[
			"for another packet",
			(peer, messageId) => peer.send({ cmd: "suback", messageId: messageId + 1, granted: [0, 0] }),
		],
		["of another kind", (peer, messageId) => peer.send({ cmd: "unsuback", messageId, granted: [0, 0] })],
	];

	test.each(wrong)("%s is a protocol error", (_name, answer) => {
		const h = new Harness({ protocol: "5" });
		h.client.subscribe("a", nothing);
		h.client.subscribe("b", nothing);
		const peer = h.accept();
		answer(peer, peer.takeOne("subscribe").messageId);
		expect(peer.takeOne("disconnect").reasonCode).toBe(0x82);
		expect(h.client.state.kind).toBe("offline");
	});

	test("for a subscription is awaited as long as it takes", () => {
		const { h, peer } = online({ keepAlive: 0 });
		const codes: unknown[] = [];
		h.client.subscribe("a", nothing, {}, (error) => codes.push(error?.code));
		h.advance(3_600_000);
		expect(codes).toEqual([]);
		void h.client.end();
		expect(codes).toEqual(["ended"]);
		expect(peer.isClosed).toBe(true);
	});
});

test("UNSUBSCRIBE goes out in slices as well", () => {
	const { h, peer } = online({ limits: { maxSubscriptions: 50 } });
	const handles = Array.from({ length: 20 }, (_, index) => h.client.subscribe(`filter/${index}`, nothing));
	answerAll(peer);
	for (const handle of handles) handle.unsubscribe();
	const sizes: number[] = [];
	for (let packets = peer.take(); packets.length > 0; packets = peer.take()) {
		for (const packet of packets as UnsubscribePacket[]) {
			sizes.push(packet.unsubscriptions.length);
			peer.send({ cmd: "unsuback", messageId: packet.messageId, granted: [] });
		}
	}
	expect(sizes.reduce((a, b) => a + b)).toBe(20);
	expect(Math.max(...sizes)).toBe(8);
});
