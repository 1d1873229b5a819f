import { describe, expect, test } from "@jest/globals";
import type { ClientError } from "../../../src/client/index.ts";
import { encode, type SubscribePacket, UsageError } from "../../../src/codec/index.ts";
import { answerAll, online } from "../../support/client-answers.ts";
import { Harness, type Peer } from "../../support/client-harness.ts";

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

	test("that is taken back before the broker answers is done with an error", () => {
		const h = new Harness();
		const codes: (string | undefined)[] = [];
		const subscribe = () => h.client.subscribe("a", nothing, {}, (error) => codes.push(error?.code));
		subscribe().unsubscribe();
		expect(codes).toEqual(["ended"]);
		const handle = subscribe();
		const peer = h.accept();
		peer.takeOne("subscribe");
		handle.unsubscribe();
		expect(codes).toEqual(["ended"]);
		peer.drop();
		expect(codes).toEqual(["ended", "ended"]);
		expect(answerAll(h.accept()).subscribed).toEqual([]);
		expect(h.lines).toEqual([]);
	});

	test("that is taken back after it was sent is done with the answer", () => {
		const { h, peer } = online();
		const seen: unknown[] = [];
		const handle = h.client.subscribe("a", nothing, {}, (error, granted) => seen.push([error, granted]));
		const { messageId } = peer.takeOne("subscribe");
		handle.unsubscribe();
		peer.send({ cmd: "suback", messageId, granted: [0] });
		expect(seen).toEqual([[undefined, 0]]);
		peer.takeOne("unsubscribe");
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

	test("as a promise over the limit is rejected at once", async () => {
		const { h } = online({ limits: { maxSubscriptions: 0 } });
		await expect(h.client.subscribeAsync("a", nothing)).rejects.toMatchObject({ code: "full" });
		expect(h.lines).toEqual([]);
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

	test("while offline, of what the broker may have taken although it never said so, reaches it", () => {
		const { h, peer } = online({ clean: false });
		const handle = h.client.subscribe("a", nothing);
		peer.drop(); // SUBSCRIBE was sent, and is not answered
		handle.unsubscribe();
		h.client.subscribe("a", nothing).unsubscribe();
		expect(answerAll(h.accept({ sessionPresent: true }))).toEqual({ subscribed: [], unsubscribed: [["a"]] });
	});

	test("makes room for another filter at once, also while the broker still has the old one", () => {
		const { h, peer } = online({ clean: false, limits: { maxSubscriptions: 1 } });
		const handle = h.client.subscribe("a", nothing);
		answerAll(peer);
		peer.drop();
		handle.unsubscribe();
		const codes: unknown[] = [];
		h.client.subscribe("b", nothing, {}, (error) => codes.push(error?.code));
		h.client.subscribe("a", nothing, {}, (error) => codes.push(error?.code));
		expect(answerAll(h.accept({ sessionPresent: true }))).toEqual({ subscribed: [["b"]], unsubscribed: [["a"]] });
		expect(codes).toEqual(["full", undefined]);
	});

	test("and subscribing again with a lower QoS asks for no more than that", () => {
		const { h, peer } = online();
		const handle = h.client.subscribe("a", nothing, { qos: 2 });
		answerAll(peer);
		handle.unsubscribe();
		h.client.subscribe("a", nothing, { qos: 0 });
		const { messageId } = peer.takeOne("unsubscribe");
		peer.send({ cmd: "unsuback", messageId, granted: [] });
		expect(peer.takeOne("subscribe").subscriptions).toMatchObject([{ topic: "a", qos: 0 }]);
	});

	test("of one of several handlers leaves its callback waiting for the answer", () => {
		const { h, peer } = online();
		const codes: unknown[] = [];
		const first = h.client.subscribe("a", nothing, {}, (error) => codes.push(error));
		h.client.subscribe("a", nothing);
		first.unsubscribe();
		answerAll(peer);
		expect(codes).toEqual([undefined]);
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

	test.each([0, 1, 2] as const)("everything is subscribed again with its Retain Handling, %i", (rh) => {
		const { h, peer } = online({ protocol: "5", clean: false });
		h.client.subscribe("a", nothing, { qos: 1, rh, rap: true, nl: true });
		const [asked] = peer.take();
		peer.drop();
		const [again] = h.accept({ sessionPresent: false }).take();
		expect(again).toMatchObject({ cmd: "subscribe", subscriptions: [{ topic: "a", qos: 1, rh, rap: true, nl: true }] });
		expect(asked).toMatchObject({ cmd: "subscribe", subscriptions: [{ topic: "a", qos: 1, rh, rap: true, nl: true }] });
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

	test("many filters go out in slices, no more than eight unanswered", () => {
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
		const packets = peer.take() as SubscribePacket[];
		expect(packets.map(({ subscriptions }) => subscriptions.length)).toEqual([1, 1, 1, 1]);
		expect(packets.every((packet) => encode(packet, 5).length <= 256)).toBe(true);
		expect(error?.code).toBe("tooLarge");
	});
});

describe("an answer", () => {
	const wrong: readonly (readonly [string, (peer: Peer, id: number) => void])[] = [
		["with too many codes", (peer, messageId) => peer.send({ cmd: "suback", messageId, granted: [0, 0] })],
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
		const [request] = peer.take() as SubscribePacket[];
		answer(peer, request?.messageId ?? 0);
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
	expect(peer.packets).toHaveLength(8);
	expect(answerAll(peer).unsubscribed.flat()).toHaveLength(20);
	expect(peer.take()).toEqual([]);
});
