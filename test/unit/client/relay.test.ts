import { describe, expect, test } from "@jest/globals";
import type { ClientError, Message, RelayOptions } from "../../../src/client/index.ts";
import { encodeUtf8, type PublishPacket, UsageError } from "../../../src/codec/index.ts";
import { Harness, type Peer } from "../../support/client-harness.ts";

function publish(messageId: number, qos: 1 | 2, dup = false): PublishPacket {
	const payload = encodeUtf8("x");
	return { cmd: "publish", topic: "t", payload, qos, retain: false, dup, messageId, properties: undefined };
}

/** A client whose acknowledgements the test makes, online over MQTT 5. */
function relaying(options: RelayOptions = {}): {
	h: Harness;
	peer: Peer;
	seen: (Message | undefined)[];
	passedOn: string[];
} {
	const passedOn: string[] = [];
	const seen: Message[] = [];
	const h = new Harness({
		protocol: "5",
		clean: false,
		relay: (cmd, messageId) => passedOn.push(`${cmd} ${messageId}`),
		onMessage: (message) => seen.push(message),
		...options,
	});
	return { h, peer: h.accept(), seen, passedOn };
}

/** Settles of `publish` and `release`, in order. */
function outcomes(): {
	readonly list: (string | undefined)[];
	readonly done: (error: ClientError | undefined) => void;
} {
	const list: (string | undefined)[] = [];
	return { list, done: (error) => list.push(error?.code) };
}

test("a relay cannot be used with persist", () => {
	const relay = () => undefined;
	expect(() => new Harness({ relay, persist: true })).toThrow(UsageError);
	expect(() => new Harness({ relay, persist: true })).toThrow('Option "persist" cannot be used with a "relay"');
});

describe("what a relay receives", () => {
	test.each([
		[1, "puback"],
		[2, "pubrec"],
	] as const)("is not acknowledged at QoS %i until it says so", (qos, ack) => {
		const { h, peer, seen } = relaying();
		peer.send(publish(7, qos));
		expect(seen).toMatchObject([{ topic: "t", qos, messageId: 7 }]);
		expect(peer.take()).toEqual([]);
		h.client.answer(ack, 7);
		expect(peer.takeOne(ack)).toMatchObject({ messageId: 7, reasonCode: 0 });
	});

	test("is handed on again when it is sent again, at QoS 2 too", () => {
		const { peer, seen } = relaying();
		peer.send(publish(7, 2), publish(7, 2, true));
		expect(seen.map((message) => message?.dup)).toEqual([false, true]);
		expect(peer.take()).toEqual([]);
	});

	test("is released by PUBREL, which it answers", () => {
		const { h, peer, passedOn } = relaying();
		peer.send({ cmd: "pubrel", messageId: 9, reasonCode: 0 });
		expect(passedOn).toEqual(["pubrel 9"]);
		expect(peer.take()).toEqual([]);
		h.client.answer("pubcomp", 9);
		expect(peer.takeOne("pubcomp").messageId).toBe(9);
	});

	test("is not answered while there is no connection", () => {
		const { h, peer } = relaying();
		peer.send(publish(7, 1));
		peer.drop();
		h.client.answer("puback", 7);
		expect(h.accept({ sessionPresent: true }).take()).toEqual([]);
	});

	test("at QoS 0 is as ever", () => {
		const { peer, seen } = relaying();
		peer.send({ ...publish(0, 1), qos: 0, messageId: undefined });
		expect(seen).toHaveLength(1);
		expect(peer.take()).toEqual([]);
	});
});

describe("what a relay publishes", () => {
	test.each([1, 2] as const)("has the packet id that it gives, also when it is sent again (QoS %i)", (qos) => {
		const { h, peer } = relaying();
		h.client.publish("t", "x", { qos, messageId: 4_711 });
		expect(peer.takeOne("publish")).toMatchObject({ messageId: 4_711, dup: false });
		peer.drop();
		expect(h.accept({ sessionPresent: true }).takeOne("publish")).toMatchObject({ messageId: 4_711, dup: true });
	});

	test("is done with PUBACK at QoS 1", () => {
		const { h, peer } = relaying();
		const { list, done } = outcomes();
		h.client.publish("t", "x", { qos: 1, messageId: 5 }, done);
		peer.send({ cmd: "puback", messageId: 5, reasonCode: 0 });
		expect(list).toEqual([undefined]);
		expect(h.client.pending).toBe(0);
	});

	test("is done with PUBREC at QoS 2, and PUBREL goes out when it says so", () => {
		const { h, peer, passedOn } = relaying();
		const { list, done } = outcomes();
		h.client.publish("t", "x", { qos: 2, messageId: 5 }, done);
		peer.take();
		peer.send({ cmd: "pubrec", messageId: 5, reasonCode: 0 });
		expect(list).toEqual([undefined]);
		expect(peer.take()).toEqual([]);
		h.client.answer("pubrel", 5);
		expect(peer.takeOne("pubrel").messageId).toBe(5);
		peer.send({ cmd: "pubcomp", messageId: 5, reasonCode: 0 });
		expect(passedOn).toEqual(["pubcomp 5"]);
		expect(h.client.pending).toBe(0);
	});

	test("tells of the PUBCOMP of a message that an earlier life published", () => {
		const { h, peer, passedOn } = relaying();
		h.client.answer("pubrel", 5);
		expect(peer.takeOne("pubrel").messageId).toBe(5);
		peer.send({ cmd: "pubcomp", messageId: 5, reasonCode: 0x92 });
		expect(passedOn).toEqual(["pubcomp 5"]);
	});

	test("tells when the broker refuses", () => {
		const { h, peer } = relaying();
		const { list, done } = outcomes();
		h.client.publish("t", "x", { qos: 2, messageId: 5 }, done);
		peer.send({ cmd: "pubrec", messageId: 5, reasonCode: 0x87 });
		expect(list).toEqual(["refused"]);
	});

	test("counts against the Receive Maximum until PUBCOMP [MQTT-4.9.0-2]", () => {
		const { h } = relaying();
		h.peer.drop();
		const peer = h.accept({ sessionPresent: true, properties: { receiveMaximum: 1 } });
		h.client.publish("t", "x", { qos: 2, messageId: 5 });
		h.client.publish("t", "y", { qos: 2, messageId: 6 });
		expect(peer.takeOne("publish").messageId).toBe(5);
		peer.send({ cmd: "pubrec", messageId: 5, reasonCode: 0 });
		expect(peer.take()).toEqual([]);
		h.client.answer("pubrel", 5);
		expect(peer.takeOne("pubrel").messageId).toBe(5);
		peer.send({ cmd: "pubcomp", messageId: 5, reasonCode: 0 });
		expect(peer.takeOne("publish").messageId).toBe(6);
	});

	test("counts also when it was published on an earlier connection", () => {
		const { h } = relaying();
		h.peer.drop();
		const peer = h.accept({ sessionPresent: true, properties: { receiveMaximum: 1 } });
		h.client.answer("pubrel", 5);
		h.client.publish("t", "y", { qos: 2, messageId: 6 });
		expect(peer.takeOne("pubrel").messageId).toBe(5);
		peer.send({ cmd: "pubcomp", messageId: 5, reasonCode: 0 });
		expect(peer.takeOne("publish").messageId).toBe(6);
	});

	test("is not sent again after PUBREC, nor released unless it says so", () => {
		const { h, peer } = relaying();
		h.client.publish("t", "x", { qos: 2, messageId: 5 });
		peer.send({ cmd: "pubrec", messageId: 5, reasonCode: 0 });
		peer.drop();
		const second = h.accept({ sessionPresent: true });
		expect(second.take()).toEqual([]);
		h.client.answer("pubrel", 5);
		expect(second.takeOne("pubrel").messageId).toBe(5);
	});

	test("needs no PUBREL where the broker takes no QoS 2", () => {
		const { h, peer, passedOn } = relaying();
		peer.drop();
		const second = h.accept({ sessionPresent: true, properties: { maximumQoS: 1 } });
		const { list, done } = outcomes();
		h.client.publish("t", "x", { qos: 2, messageId: 5 }, done);
		expect(second.takeOne("publish").qos).toBe(1);
		second.send({ cmd: "puback", messageId: 5, reasonCode: 0 });
		expect(list).toEqual([undefined]);
		h.client.answer("pubrel", 5);
		expect(second.take()).toEqual([]);
		expect(passedOn).toEqual(["pubcomp 5"]);
	});

	test("has its packet id to itself: no SUBSCRIBE takes it while it is in flight [MQTT-2.2.1-3]", () => {
		const { h, peer } = relaying();
		h.client.subscribe("a", () => undefined);
		const { messageId } = peer.takeOne("subscribe");
		peer.send({ cmd: "suback", messageId, granted: [0] });
		h.client.publish("t", "x", { qos: 1, messageId: messageId + 1 });
		h.client.subscribe("b", () => undefined);
		expect(peer.take()).toMatchObject([{ messageId: messageId + 1 }, { cmd: "subscribe", messageId: messageId + 2 }]);
	});

	test("waits while a SUBSCRIBE is on its way, which may have its packet id [MQTT-2.2.1-3]", () => {
		const { h, peer } = relaying();
		h.client.subscribe("a", () => undefined);
		const { messageId } = peer.takeOne("subscribe");
		h.client.publish("t", "x", { qos: 1, messageId });
		expect(peer.take()).toEqual([]);
		peer.send({ cmd: "suback", messageId, granted: [0] });
		expect(peer.takeOne("publish").messageId).toBe(messageId);
	});
});
