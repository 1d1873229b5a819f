import { describe, expect, test } from "@jest/globals";
import type { Message } from "../../../src/client/index.ts";
import { encode, encodePublish, type QoS } from "../../../src/codec/index.ts";
import { Harness, type Peer } from "../../support/client-harness.ts";

function frames(count: number, qos: QoS = 0): Uint8Array {
	const all = Array.from({ length: count }, (_, index) =>
		encodePublish(
			{
				topic: `t/${index}`,
				qos,
				retain: false,
				dup: false,
				messageId: qos === 0 ? undefined : index + 1,
				properties: undefined,
			},
			new Uint8Array(10),
			4,
		),
	);
	const bytes = new Uint8Array(all.reduce((sum, frame) => sum + frame.length, 0));
	let at = 0;
	for (const frame of all) {
		bytes.set(frame, at);
		at += frame.length;
	}
	return bytes;
}

function publishes(peer: Peer): number {
	return peer.take().filter(({ cmd }) => cmd === "publish").length;
}

describe("a turn of the event loop", () => {
	test("handles a burst of 500 messages in slices, with the transport held in between", () => {
		const h = new Harness({ limits: { packetsPerTurn: 16 } });
		const peer = h.accept();
		peer.sendBytes(frames(500));
		const slices: number[] = [h.messages.length];
		while (h.messages.length < 500) {
			expect(peer.isHeld).toBe(true);
			const before = h.messages.length;
			h.clock.fireNext();
			slices.push(h.messages.length - before);
		}
		expect(Math.max(...slices)).toBe(16);
		expect(h.messages.map(({ topic }) => topic)).toEqual(h.messages.map((_: Message, index) => `t/${index}`));
		h.advance(0);
		expect(peer.isHeld).toBe(false);
	});

	test("sends a full outbox in slices", () => {
		const h = new Harness({ limits: { packetsPerTurn: 10, outboxMessages: 100, outboxBytes: 1_000_000 } });
		for (let index = 0; index < 95; index++) h.client.publish("t", "x");
		const peer = h.accept();
		const slices = [publishes(peer)];
		while (slices.at(-1) !== 0) {
			h.clock.fireNext();
			slices.push(publishes(peer));
		}
		expect(slices.reduce((a, b) => a + b)).toBe(95);
		expect(Math.max(...slices)).toBe(10);
	});

	test("does not end for an application that publishes in a loop", () => {
		const h = new Harness({ limits: { packetsPerTurn: 2, outboxMessages: 5 } });
		const peer = h.accept();
		for (let index = 0; index < 500; index++) h.client.publish("t", "x");
		expect(publishes(peer)).toBe(500);
	});

	test("grows where the transport cannot be held, so that memory does not", () => {
		const h = new Harness({ limits: { packetsPerTurn: 2, backlogBytes: 1_000 } });
		const peer = h.accept();
		const burst = frames(20);
		for (let index = 0; index < 100; index++) peer.sendBytes(burst.slice());
		const waiting = 2_000 - h.messages.length;
		expect(waiting).toBeLessThan(120); // 1,000 bytes, and the burst at hand
		h.clock.advance(1);
		expect(h.messages).toHaveLength(2_000);
	});
});

describe("a full transport", () => {
	test("gets nothing until it takes bytes again, and then everything in order", () => {
		const h = new Harness();
		const peer = h.accept();
		peer.takes = false;
		for (const topic of ["a", "b", "c"]) h.client.publish(topic, "x", { qos: 1 });
		expect(publishes(peer)).toBe(1);
		peer.sendBytes(frames(3, 1)); // their PUBACKs wait as well
		h.advance(10_000);
		expect(peer.take()).toEqual([]);
		peer.drained();
		expect(peer.take().map(({ cmd }) => cmd)).toEqual(["puback", "puback", "puback", "publish", "publish"]);
	});

	test("takes long packets part by part, and nothing in between", () => {
		const h = new Harness({ limits: { outboxBytes: 100_000 } });
		const peer = h.accept();
		peer.takes = false;
		h.client.publish("long", new Uint8Array(20_000), { qos: 1 });
		peer.sendBytes(frames(1, 1));
		let rounds = 0;
		while (peer.packets.length < 2) {
			peer.drained(false);
			rounds++;
		}
		expect(rounds).toBeGreaterThan(4);
		expect(peer.take().map(({ cmd }) => cmd)).toEqual(["publish", "puback"]);
		expect(Math.max(...peer.writes.map(({ length }) => length))).toBeLessThanOrEqual(4_096);
	});

	test("stops the reading once enough answers wait for it", () => {
		const h = new Harness({ limits: { packetsPerTurn: 1_000 } });
		const peer = h.accept();
		peer.takes = false;
		h.client.publish("full", "x");
		peer.take();
		peer.sendBytes(frames(200, 1));
		expect(h.messages).toHaveLength(32);
		expect(peer.isHeld).toBe(true);
		peer.drained();
		for (let turn = 0; turn < 10; turn++) h.advance(0);
		expect(h.messages).toHaveLength(200);
		expect(peer.take().filter(({ cmd }) => cmd === "puback")).toHaveLength(200);
		expect(peer.isHeld).toBe(false);
	});

	test("is not flooded by a broker that does not stop", () => {
		const h = new Harness({ limits: { backlogBytes: 10_000 } });
		const peer = h.accept();
		peer.takes = false;
		h.client.publish("full", "x");
		for (let count = 0; count < 100 && !peer.isClosed; count++) peer.sendBytes(frames(200, 1));
		expect(peer.isClosed).toBe(true);
		expect(h.reasons[0]?.message).toContain("faster than it takes");
	});

	test("that becomes writable again counts once: what was written meanwhile is not written twice", () => {
		const h = new Harness();
		const peer = h.accept();
		peer.takes = false;
		h.client.publish("a", "x");
		peer.drained();
		peer.drained();
		expect(publishes(peer)).toBe(1);
	});
});

test("a packet that is cut in pieces is not taken for two", () => {
	const h = new Harness({ limits: { outboxBytes: 100_000 } });
	const peer = h.accept();
	h.client.publish("long", new Uint8Array(9_000));
	h.client.publish("short", "x");
	expect(peer.take()).toMatchObject([{ topic: "long" }, { topic: "short" }]);
	expect(encode({ cmd: "pingreq" }, 4)).toHaveLength(2);
});
