import { describe, expect, test } from "@jest/globals";
import type { ClientError, ClientOptions } from "../../../src/client/index.ts";
import type { DecodedPacket } from "../../../src/codec/index.ts";
import { Harness, type Peer } from "../../support/client-harness.ts";
import { MemoryStore } from "../../support/memory-store.ts";

const KEPT: ClientOptions = { clean: false };

/** "publish a 5 dup" and the like, for each packet that the client sent. */
function summary(peer: Peer): string[] {
	return peer.take().map(describePacket);
}

function describePacket(packet: DecodedPacket): string {
	if (packet.cmd === "publish") return `publish ${packet.topic}${packet.dup ? " dup" : ""}`;
	return packet.cmd;
}

function idOf(peer: Peer): number {
	const packet = peer.packets.at(-1);
	return packet !== undefined && "messageId" in packet ? (packet.messageId ?? 0) : 0;
}

describe("a resumed session", () => {
	test.each([1, 2] as const)("sends an unacknowledged QoS %i PUBLISH again, with DUP and its id", (qos) => {
		const h = new Harness(KEPT);
		const peer = h.accept();
		h.client.publish("a", "x", { qos });
		const first = peer.takeOne("publish");
		expect(first.dup).toBe(false);
		peer.drop();
		const second = h.accept({ sessionPresent: true }).takeOne("publish");
		expect(second).toEqual({ ...first, dup: true });
	});

	test("sends a QoS 2 PUBLISH again with no more than the broker now takes", () => {
		const h = new Harness({ ...KEPT, protocol: "5" });
		const first = h.accept();
		h.client.publish("a", "x", { qos: 2 });
		first.drop();
		const peer = h.accept({ sessionPresent: true, properties: { maximumQoS: 1 } });
		const { qos, dup, messageId } = peer.takeOne("publish");
		expect([qos, dup]).toEqual([1, true]);
		peer.send({ cmd: "puback", messageId: messageId as number, reasonCode: 0 });
		expect([h.client.pending, h.client.state.kind]).toEqual([0, "online"]);
	});

	test.each([1, 2] as const)(
		"sends a QoS %i PUBLISH again at QoS 0 where the broker takes no more, and is done",
		(qos) => {
			const store = new MemoryStore();
			const h = new Harness({ ...KEPT, protocol: "5", persist: true }, { store });
			let isDone = false;
			h.accept();
			h.client.publish("a", "x", { qos }, (error) => {
				isDone = error === undefined;
			});
			h.peer.drop();
			const { qos: lowered, dup } = h
				.accept({ sessionPresent: true, properties: { maximumQoS: 0 } })
				.takeOne("publish");
			expect([lowered, dup, isDone, h.client.pending]).toEqual([0, false, true, 0]);
			expect([...store.records.keys()].filter((key) => key.startsWith("motehub/out/"))).toEqual([]);
		},
	);

	test("sends PUBREL, not PUBLISH, after PUBREC", () => {
		const h = new Harness(KEPT);
		const peer = h.accept();
		h.client.publish("a", "x", { qos: 2 });
		const messageId = idOf(peer);
		peer.send({ cmd: "pubrec", messageId, reasonCode: 0 });
		peer.drop();
		const again = h.accept({ sessionPresent: true });
		expect(again.takeOne("pubrel").messageId).toBe(messageId);
		again.send({ cmd: "pubcomp", messageId, reasonCode: 0 });
		expect(h.client.pending).toBe(0);
	});

	test("sends what was in flight in its order, before what is new", () => {
		const h = new Harness(KEPT);
		const peer = h.accept();
		for (const topic of ["a", "b", "c"]) h.client.publish(topic, "x", { qos: 1 });
		peer.drop();
		h.client.publish("d", "x", { qos: 1 });
		h.client.publish("e", "x");
		expect(summary(h.accept({ sessionPresent: true }))).toEqual([
			"publish a dup",
			"publish b dup",
			"publish c dup",
			"publish d",
			"publish e",
		]);
	});

	test("releases what the broker has before it sends more: a broker that counts it has no room for that", () => {
		const h = new Harness({ ...KEPT, protocol: "5" });
		const peer = h.accept();
		const ids = ["a", "b", "c"].map((topic) => {
			h.client.publish(topic, "x", { qos: 2 });
			return idOf(peer);
		}) as [number, number, number];
		for (const messageId of [ids[1], ids[0]]) peer.send({ cmd: "pubrec", messageId, reasonCode: 0 });
		peer.drop();
		const again = h.accept({ sessionPresent: true, properties: { receiveMaximum: 2 } });
		const released = again.packets.map((packet) => (packet.cmd === "pubrel" ? packet.messageId : undefined));
		expect(released).toEqual([ids[1], ids[0]]); // in the order of the PUBRECs
		expect(summary(again)).toEqual(["pubrel", "pubrel"]);
		again.send({ cmd: "pubcomp", messageId: ids[1], reasonCode: 0 });
		expect(summary(again)).toEqual(["publish c dup"]);
	});

	test("keeps within a Receive Maximum that has become smaller", () => {
		const h = new Harness({ ...KEPT, protocol: "5" });
		const peer = h.accept();
		for (const topic of ["a", "b", "c"]) h.client.publish(topic, "x", { qos: 1 });
		peer.drop();
		const again = h.accept({ sessionPresent: true, properties: { receiveMaximum: 2 } });
		const messageId = idOf(again);
		expect(summary(again)).toEqual(["publish a dup", "publish b dup"]);
		again.send({ cmd: "puback", messageId, reasonCode: 0 });
		expect(summary(again)).toEqual(["publish c dup"]);
	});

	test("does not send again what is acknowledged while it waits to be sent again", () => {
		const h = new Harness({ ...KEPT, protocol: "5" });
		const peer = h.accept();
		h.client.publish("a", "x", { qos: 1 });
		h.client.publish("b", "x", { qos: 1 });
		const second = idOf(peer);
		peer.drop();
		const again = h.accept({ sessionPresent: true, properties: { receiveMaximum: 1 } });
		const first = idOf(again);
		expect(summary(again)).toEqual(["publish a dup"]);
		again.send({ cmd: "puback", messageId: second, reasonCode: 0 }, { cmd: "puback", messageId: first, reasonCode: 0 });
		expect(summary(again)).toEqual([]);
		expect(h.client.pending).toBe(0);
	});

	test("is resumed over and over until it is acknowledged", () => {
		const h = new Harness(KEPT);
		let outcome: ClientError | undefined | "pending" = "pending";
		h.accept();
		h.client.publish("a", "x", { qos: 1 }, (error) => {
			outcome = error;
		});
		for (let round = 0; round < 5; round++) {
			h.peer.drop();
			expect(outcome).toBe("pending");
			h.accept({ sessionPresent: true });
		}
		h.peer.send({ cmd: "puback", messageId: h.peer.takeOne("publish").messageId as number, reasonCode: 0 });
		expect(outcome).toBeUndefined();
	});

	test("is assumed in 3.1, where the broker does not say", () => {
		const h = new Harness({ ...KEPT, protocol: "3.1" });
		h.accept();
		h.client.publish("a", "x", { qos: 1 });
		h.peer.drop();
		expect(summary(h.accept())).toEqual(["publish a dup"]);
	});
});

describe("a lost session", () => {
	test.each([KEPT, { clean: true }])("sends what was not acknowledged as new: %j", (options) => {
		const h = new Harness(options);
		h.accept();
		h.client.publish("a", "x", { qos: 1 });
		h.client.publish("b", "x", { qos: 2 });
		h.peer.drop();
		h.client.publish("c", "x", { qos: 1 });
		expect(summary(h.accept({ sessionPresent: false }))).toEqual(["publish a", "publish b", "publish c"]);
	});

	test("counts a QoS 2 message that the broker took over as delivered", () => {
		const h = new Harness(KEPT);
		let done = false;
		const peer = h.accept();
		h.client.publish("a", "x", { qos: 2 }, (error) => {
			done = error === undefined;
		});
		peer.send({ cmd: "pubrec", messageId: idOf(peer), reasonCode: 0 });
		peer.drop();
		expect(summary(h.accept({ sessionPresent: false }))).toEqual([]);
		expect(done).toBe(true);
		expect(h.client.pending).toBe(0);
	});

	test("lets what expired in the meantime go", () => {
		const h = new Harness({ reconnect: { initial: 60_000 } }, { random: 0.999 });
		let code: string | undefined;
		h.accept();
		h.client.publish("a", "x", { qos: 1, expiry: 10 }, (error) => {
			code = error?.code;
		});
		h.peer.drop();
		expect(summary(h.accept())).toEqual([]);
		expect(code).toBe("expired");
	});
});

describe("packets that were under way when the connection ended", () => {
	test("are not sent on the next one", () => {
		const h = new Harness(KEPT);
		const peer = h.accept();
		peer.takes = false;
		h.client.publish("full", "x");
		peer.send({ cmd: "pubrel", messageId: 9, reasonCode: 0 }); // its PUBCOMP waits
		peer.drop();
		expect(summary(h.accept({ sessionPresent: true }))).toEqual([]);
	});

	test("at QoS 0 are lost with an error if they were cut", () => {
		const h = new Harness({ limits: { outboxBytes: 20_000 } });
		const peer = h.accept();
		peer.takes = false;
		let code: string | undefined;
		h.client.publish("long", new Uint8Array(10_000), {}, (error) => {
			code = error?.code;
		});
		expect(code).toBeUndefined();
		peer.drop();
		expect(code).toBe("dropped");
		expect(h.client.pending).toBe(0);
	});
});
