import { describe, expect, test } from "@jest/globals";
import type { ClientError, PublishOptions } from "../../../src/client/index.ts";
import { encodeUtf8, type QoS, UsageError } from "../../../src/codec/index.ts";
import { Harness, type Peer } from "../../support/client-harness.ts";

type Outcome = "pending" | "done" | ClientError["code"];

/** Publishes, and tells what has become of it. */
function track(h: Harness, topic: string, options: PublishOptions = {}, payload = "x"): () => Outcome {
	let outcome: Outcome = "pending";
	h.client.publish(topic, payload, options, (error) => {
		if (outcome !== "pending") throw new Error("done was called twice");
		outcome = error === undefined ? "done" : error.code;
	});
	return () => outcome;
}

function topics(peer: Peer): string[] {
	return peer.take().flatMap((packet) => (packet.cmd === "publish" ? [packet.topic] : []));
}

describe("publish", () => {
	test.each([0, 1, 2] as const)("at QoS %i carries topic, payload and retain", (qos) => {
		const h = new Harness();
		const peer = h.accept();
		h.client.publish("room/t", "21.5 °C", { qos, retain: true });
		const packet = peer.takeOne("publish");
		expect(packet).toMatchObject({ topic: "room/t", qos, retain: true, dup: false, payload: encodeUtf8("21.5 °C") });
		expect(packet.messageId === undefined).toBe(qos === 0);
	});

	test("sends an empty payload, which clears a retained message", () => {
		const h = new Harness();
		const peer = h.accept();
		h.client.publish("room/t", "", { retain: true });
		expect(peer.takeOne("publish").payload).toHaveLength(0);
	});

	test("at QoS 0 is done when it is written", () => {
		const h = new Harness();
		h.accept();
		expect(track(h, "t")()).toBe("done");
	});

	test("at QoS 1 is done with PUBACK", () => {
		const h = new Harness();
		const peer = h.accept();
		const outcome = track(h, "t", { qos: 1 });
		const { messageId } = peer.takeOne("publish");
		expect(outcome()).toBe("pending");
		peer.send({ cmd: "puback", messageId: messageId as number, reasonCode: 0 });
		expect(outcome()).toBe("done");
		expect(h.client.pending).toBe(0);
	});

	test("at QoS 2 is done with PUBCOMP, after PUBREL", () => {
		const h = new Harness();
		const peer = h.accept();
		const outcome = track(h, "t", { qos: 2 });
		const messageId = peer.takeOne("publish").messageId as number;
		peer.send({ cmd: "pubrec", messageId, reasonCode: 0 });
		expect(peer.takeOne("pubrel")).toMatchObject({ messageId, reasonCode: 0 });
		expect(outcome()).toBe("pending");
		peer.send({ cmd: "pubcomp", messageId, reasonCode: 0 });
		expect(outcome()).toBe("done");
	});

	test.each([1, 2] as const)("at QoS %i ends with the broker's refusal in MQTT 5", (qos) => {
		const h = new Harness({ protocol: "5" });
		const peer = h.accept();
		let seen: ClientError | undefined;
		h.client.publish("t", "x", { qos }, (error) => {
			seen = error;
		});
		const messageId = peer.takeOne("publish").messageId as number;
		const properties = { reasonString: "not your topic" };
		peer.send({ cmd: qos === 1 ? "puback" : "pubrec", messageId, reasonCode: 0x87, properties });
		expect(seen).toMatchObject({ code: "refused", reasonCode: 0x87 });
		expect(seen?.message).toMatch(/"t".*not authorized.*not your topic/);
		expect(peer.take()).toEqual([]); // no PUBREL for what was refused
		expect(h.client.pending).toBe(0);
	});

	test("without a callback logs a refusal", () => {
		const h = new Harness({ protocol: "5" });
		const peer = h.accept();
		h.client.publish("t", "x", { qos: 1 });
		peer.send({ cmd: "puback", messageId: peer.takeOne("publish").messageId as number, reasonCode: 0x97 });
		expect(h.lines).toEqual([{ level: "warn", message: expect.stringContaining("quota exceeded") }]);
	});

	test("sends the properties to MQTT 5, and not to older brokers", () => {
		const properties = { contentType: "text/plain", responseTopic: "r", userProperties: { a: "b" } };
		const modern = new Harness({ protocol: "5" });
		const modernPeer = modern.accept();
		modern.client.publish("t", "x", { properties });
		expect(modernPeer.takeOne("publish").properties).toMatchObject({ contentType: "text/plain", responseTopic: "r" });
		const old = new Harness();
		const oldPeer = old.accept();
		old.client.publish("t", "x", { properties });
		expect(oldPeer.takeOne("publish").properties).toBeUndefined();
	});

	test.each([0, 1, 2] as const)(
		"at QoS %i passes a message on without what is the broker's alone of its properties",
		(qos) => {
			const h = new Harness({ protocol: "5" });
			const peer = h.accept();
			h.client.subscribe("from", ({ payload, properties }) => {
				h.client.publish("to", payload, { qos, properties, expiry: 60 });
			});
			const { messageId, properties: asked } = peer.takeOne("subscribe");
			peer.send({ cmd: "suback", messageId, granted: [0] });
			const kept = { contentType: "text/plain", userProperties: { a: "b" } };
			const identifier = asked?.subscriptionIdentifier as number;
			const properties = { ...kept, topicAlias: 8, subscriptionIdentifier: [identifier], messageExpiryInterval: 3_600 };
			const header = { topic: "from", qos: 0, retain: false, dup: false, messageId: undefined } as const;
			peer.send({ cmd: "publish", ...header, payload: encodeUtf8("x"), properties });
			expect(peer.takeOne("publish").properties).toEqual({ ...kept, messageExpiryInterval: 60 });
		},
	);

	test("takes no packet id from a message that is passed on, which is of the broker's numbering", () => {
		const h = new Harness({ clientId: "device" }, { random: 0 });
		const peer = h.accept();
		h.client.subscribe("from", (message) => h.client.publish("to", message.payload, message), { qos: 1 });
		peer.send({ cmd: "suback", messageId: peer.takeOne("subscribe").messageId, granted: [1] });
		const header = { topic: "from", qos: 1, retain: false, dup: false, properties: undefined } as const;
		for (const text of ["a", "b"]) {
			peer.send({ cmd: "publish", ...header, messageId: 700, payload: encodeUtf8(text) });
		}
		const sent = peer.take().flatMap((packet) => (packet.cmd === "publish" ? [packet.messageId] : []));
		expect(sent).toEqual([2, 3]);
		for (const messageId of [2, 3]) peer.send({ cmd: "puback", messageId, reasonCode: 0 });
		expect(h.client.pending).toBe(0);
	});

	const impossible: readonly (readonly [string, string, PublishOptions, RegExp])[] = [
		["an empty topic", "", {}, /topic "" is empty/],
		["a wildcard", "a/+/b", {}, /wildcard/],
		["U+0000", "a\0b", {}, /U\+0000/],
		["a topic too long", "x".repeat(65_536), {}, /65536 bytes/],
		["QoS 3", "t", { qos: 3 as QoS }, /qos is 3; it must be 0, 1 or 2/],
		["an expiry of nothing", "t", { expiry: 0 }, /expiry/],
		["an expiry that is no number", "t", { expiry: Number.NaN }, /expiry/],
	];

	test.each(impossible)("throws for what can never be sent: %s", (_what, topic, options, message) => {
		const h = new Harness();
		h.accept();
		const publish = () => h.client.publish(topic, "x", options);
		expect(publish).toThrow(UsageError);
		expect(publish).toThrow(message);
		expect(h.client.pending).toBe(0);
		h.client.publish("t", "x");
		expect(h.peer.take()).toHaveLength(1);
	});

	test("as a promise resolves, and is rejected with the same errors", async () => {
		const h = new Harness({ protocol: "5" });
		const peer = h.accept();
		await h.client.publishAsync("t", "x");
		const refused = h.client.publishAsync("t", "x", { qos: 1 });
		const [, packet] = peer.take();
		peer.send({ cmd: "puback", messageId: packet?.cmd === "publish" ? (packet.messageId ?? 0) : 0, reasonCode: 0x87 });
		await expect(refused).rejects.toMatchObject({ name: "ClientError", code: "refused" });
		await expect(h.client.publishAsync("#", "x")).rejects.toThrow(UsageError);
	});
});

describe("packet identifiers", () => {
	test("wrap, are never 0, and never reused in flight", () => {
		const h = new Harness({ limits: { maxInflight: 3 } }, { random: 0.99999 }); // where the last ids are next
		const peer = h.accept();
		h.client.publish("held", "x", { qos: 1 });
		const held = peer.takeOne("publish").messageId;
		const seen = Array.from({ length: 100 }, () => {
			h.client.publish("t", "x", { qos: 1 });
			const messageId = peer.takeOne("publish").messageId as number;
			peer.send({ cmd: "puback", messageId, reasonCode: 0 });
			return messageId;
		});
		expect(held).toBe(65_535);
		expect(seen.slice(0, 3)).toEqual([1, 2, 3]);
		expect(new Set(seen).size).toBe(seen.length);
	});

	test("are shared with subscriptions", () => {
		const h = new Harness();
		const peer = h.accept();
		h.client.publish("t", "x", { qos: 1 });
		h.client.subscribe("a", () => undefined);
		h.client.publish("t", "x", { qos: 2 });
		const ids = peer.take().map((packet) => ("messageId" in packet ? packet.messageId : undefined));
		expect(new Set(ids).size).toBe(3);
	});
});

describe("messages in flight", () => {
	test("are no more than the limit at a time; QoS 0 goes past", () => {
		const h = new Harness({ limits: { maxInflight: 2 } });
		const peer = h.accept();
		for (const topic of ["a", "b", "c", "d"]) h.client.publish(topic, "x", { qos: 1 });
		h.client.publish("quick", "x");
		const sent = peer.take();
		expect(sent.map((packet) => (packet.cmd === "publish" ? packet.topic : ""))).toEqual(["a", "b", "quick"]);
		const [first] = sent;
		peer.send({ cmd: "puback", messageId: first?.cmd === "publish" ? (first.messageId ?? 0) : 0, reasonCode: 0 });
		expect(topics(peer)).toEqual(["c"]);
	});

	test("are no more than the Receive Maximum of an MQTT 5 broker, until PUBCOMP", () => {
		const h = new Harness({ protocol: "5" });
		const peer = h.accept({ properties: { receiveMaximum: 1 } });
		h.client.publish("a", "x", { qos: 2 });
		h.client.publish("b", "x", { qos: 1 });
		const messageId = peer.takeOne("publish").messageId as number;
		peer.send({ cmd: "pubrec", messageId, reasonCode: 0 });
		peer.takeOne("pubrel");
		peer.send({ cmd: "pubcomp", messageId, reasonCode: 0 });
		expect(topics(peer)).toEqual(["b"]);
	});

	test("go on when the broker answers twice, or for what it was never sent", () => {
		const h = new Harness();
		const peer = h.accept();
		const outcome = track(h, "t", { qos: 1 });
		const messageId = peer.takeOne("publish").messageId as number;
		peer.send({ cmd: "puback", messageId, reasonCode: 0 }, { cmd: "puback", messageId, reasonCode: 0 });
		peer.send({ cmd: "pubcomp", messageId: 999, reasonCode: 0 });
		expect(outcome()).toBe("done");
		expect(h.client.state.kind).toBe("online");
	});

	test("answer an unknown PUBREC, so that the broker can forget it", () => {
		const h = new Harness({ protocol: "5" });
		const peer = h.accept();
		peer.send({ cmd: "pubrec", messageId: 77, reasonCode: 0 });
		expect(peer.takeOne("pubrel")).toMatchObject({ messageId: 77, reasonCode: 0x92 });
		peer.send({ cmd: "pubrec", messageId: 78, reasonCode: 0x80 });
		expect(peer.take()).toEqual([]);
	});

	test("answer a repeated PUBREC with PUBREL again", () => {
		const h = new Harness();
		const peer = h.accept();
		h.client.publish("t", "x", { qos: 2 });
		const messageId = peer.takeOne("publish").messageId as number;
		peer.send({ cmd: "pubrec", messageId, reasonCode: 0 }, { cmd: "pubrec", messageId, reasonCode: 0 });
		expect(peer.take().map(({ cmd }) => cmd)).toEqual(["pubrel", "pubrel"]);
	});

	test.each([
		[1, "pubrec"],
		[1, "pubcomp"],
		[2, "puback"],
		[2, "pubcomp"],
	] as const)("of QoS %i must not be answered with %s", (qos, cmd) => {
		const h = new Harness({ protocol: "5" });
		const peer = h.accept();
		h.client.publish("t", "x", { qos });
		peer.send({ cmd, messageId: peer.takeOne("publish").messageId as number, reasonCode: 0 });
		expect(peer.takeOne("disconnect").reasonCode).toBe(0x82);
		expect(h.client.state.kind).toBe("offline");
	});
});

describe("what a broker cannot take", () => {
	test("in length fails with an error, and nothing else does", () => {
		const h = new Harness({ protocol: "5" });
		const peer = h.accept({ properties: { maximumPacketSize: 60 } });
		const long = track(h, "long", { qos: 1 }, "x".repeat(60));
		const edge = track(h, "edge", {}, "x".repeat(60 - 2 - 2 - 4 - 1));
		expect([long(), edge()]).toEqual(["tooLarge", "done"]);
		expect(topics(peer)).toEqual(["edge"]);
		expect(h.client.pending).toBe(0);
	});

	test("in QoS is sent with its highest, and reported once", () => {
		const h = new Harness({ protocol: "5" });
		const peer = h.accept({ properties: { maximumQoS: 0 } });
		const outcome = track(h, "t", { qos: 2 });
		h.client.publish("t", "x", { qos: 1 });
		expect(peer.take()).toMatchObject([{ qos: 0 }, { qos: 0 }]);
		expect(outcome()).toBe("done");
		expect(h.lines).toHaveLength(1);
		expect(h.client.pending).toBe(0);
	});

	test("in QoS 2 is sent with QoS 1", () => {
		const h = new Harness({ protocol: "5" });
		const peer = h.accept({ properties: { maximumQoS: 1 } });
		const outcome = track(h, "t", { qos: 2 });
		const packet = peer.takeOne("publish");
		expect(packet.qos).toBe(1);
		peer.send({ cmd: "puback", messageId: packet.messageId as number, reasonCode: 0 });
		expect(outcome()).toBe("done");
	});

	test("in retain is sent without it, and reported once", () => {
		const h = new Harness({ protocol: "5" });
		const peer = h.accept({ properties: { retainAvailable: false } });
		h.client.publish("t", "x", { retain: true });
		h.client.publish("t", "x", { retain: true });
		expect(peer.take()).toMatchObject([{ retain: false }, { retain: false }]);
		expect(h.lines).toHaveLength(1);
	});

	test.each([
		["t", { properties: { contentType: "\ud800" } }],
		["\ud800", {}],
	])("in its text fails with an error: %j %j", (topic, options) => {
		const h = new Harness({ protocol: "5" });
		h.accept();
		expect(track(h, topic, options)()).toBe("unsendable");
		expect(h.client.state.kind).toBe("online");
	});
});
