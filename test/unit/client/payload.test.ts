import { describe, expect, test } from "@jest/globals";
import type { ClientError, PayloadSource } from "../../../src/client/index.ts";
import { UsageError } from "../../../src/codec/index.ts";
import { Harness } from "../../support/client-harness.ts";
import { concat } from "../../support/concat.ts";

const LENGTH = 10_000;

function byteAt(offset: number): number {
	return (offset * 31) & 0xff;
}

const WHOLE = Uint8Array.from({ length: LENGTH }, (_, offset) => byteAt(offset));

/** By hand: a matcher takes its time with so many bytes. */
function isWhole(payload: Uint8Array): boolean {
	return payload.length === LENGTH && payload.every((byte, offset) => byte === byteAt(offset));
}

/** A payload that lies nowhere as a whole: every part is made in the same few bytes. */
class Generated implements PayloadSource {
	readonly length = LENGTH;
	readonly asked: number[] = [];
	failsAt = Number.POSITIVE_INFINITY;
	readonly #buffer: Uint8Array;

	constructor(step = 1_000) {
		this.#buffer = new Uint8Array(step);
	}

	read(offset: number, most: number): Uint8Array {
		this.asked.push(most);
		if (offset >= this.failsAt) throw new Error("the flash is worn out");
		const part = this.#buffer.subarray(0, Math.min(most, this.#buffer.length));
		for (let at = 0; at < part.length; at++) part[at] = byteAt(offset + at);
		return part;
	}
}

describe("a long payload in memory", () => {
	test("follows its packet without being copied", () => {
		const h = new Harness();
		const peer = h.accept();
		h.client.publish("t", WHOLE);
		expect(peer.writes.slice(-3).every((part) => part.buffer === WHOLE.buffer)).toBe(true);
		expect(isWhole(peer.takeOne("publish").payload)).toBe(true);
	});

	test("is followed by the packets after it, in order, over a transport that fills up", () => {
		const h = new Harness();
		const peer = h.accept();
		peer.takes = false;
		h.client.publish("a", WHOLE, { qos: 1 });
		h.client.publish("b", "next");
		for (let part = 0; part < 4; part++) peer.drained(false);
		const [a, b] = peer.take();
		expect(a?.cmd === "publish" && a.topic === "a" && isWhole(a.payload)).toBe(true);
		expect(b).toMatchObject({ cmd: "publish", topic: "b" });
	});
});

describe("a payload that is read while it is sent", () => {
	test.each([0, 1, 2] as const)("at QoS %i arrives whole, read in parts of a bounded length", (qos) => {
		const h = new Harness();
		const peer = h.accept();
		const source = new Generated(300);
		h.client.publish("t", source, { qos });
		expect(isWhole(peer.takeOne("publish").payload)).toBe(true);
		expect(Math.max(...source.asked)).toBeLessThanOrEqual(512);
	});

	test("may be made in the same few bytes although the transport holds what it took", () => {
		const h = new Harness();
		const peer = h.accept();
		const before = peer.writes.length;
		h.client.publish("t", new Generated(300));
		const [, ...parts] = peer.writes.slice(before);
		expect(isWhole(concat(parts))).toBe(true);
	});

	test("has the length that it had when it was begun, should it grow meanwhile", () => {
		const h = new Harness();
		const peer = h.accept();
		const source = {
			length: LENGTH,
			read(offset: number, most: number): Uint8Array {
				source.length += 100;
				return WHOLE.slice(offset, offset + most);
			},
		};
		h.client.publish("t", source);
		expect(isWhole(peer.takeOne("publish").payload)).toBe(true);
		expect(peer.isClosed).toBe(false);
	});

	test("is not read before the transport takes it, nor held by the outbox", () => {
		const h = new Harness({ limits: { outboxBytes: 1_000 } });
		const source = new Generated();
		h.client.publish("t", source);
		expect(h.client.pending).toBe(1);
		expect(source.asked).toEqual([]);
		const peer = h.accept();
		expect(isWhole(peer.takeOne("publish").payload)).toBe(true);
		expect(h.client.pending).toBe(0);
	});

	test("is read again from its start when it is sent again", () => {
		const h = new Harness({ clean: false });
		h.accept();
		h.client.publish("t", new Generated(), { qos: 1 });
		h.peer.drop();
		const peer = h.accept({ sessionPresent: true });
		const packet = peer.takeOne("publish");
		expect(packet.dup).toBe(true);
		expect(isWhole(packet.payload)).toBe(true);
	});

	test("may be empty", () => {
		const h = new Harness();
		const peer = h.accept();
		h.client.publish("t", { length: 0, read: () => new Uint8Array(0) });
		expect(peer.takeOne("publish").payload).toHaveLength(0);
	});

	test.each([
		["throws", (source: Generated) => (source.failsAt = 5_000)],
		["gives nothing", (source: Generated) => (source.read = () => new Uint8Array(0))],
		["gives more than was asked for", (source: Generated) => (source.read = () => new Uint8Array(2_000))],
	])("that %s costs the message and the connection, once", (_, spoil) => {
		for (const qos of [0, 1, 2] as const) {
			const h = new Harness();
			const peer = h.accept();
			const source = new Generated();
			spoil(source);
			const errors: (ClientError | undefined)[] = [];
			h.client.publish("t", source, { qos }, (error) => errors.push(error));
			expect(errors.map((error) => error?.code)).toEqual(["unsendable"]);
			expect(peer.isClosed).toBe(true);
			expect(h.client.pending).toBe(0);
			const next = h.accept();
			h.client.publish("t", "next");
			expect(next.takeOne("publish").payload).toHaveLength(4);
		}
	});

	test("is over the broker's Maximum Packet Size without being read", () => {
		const h = new Harness({ protocol: "5" });
		h.accept({ properties: { maximumPacketSize: LENGTH } });
		const source = new Generated();
		let code: string | undefined;
		h.client.publish("t", source, {}, (error) => (code = error?.code));
		expect(code).toBe("tooLarge");
		expect(source.asked).toEqual([]);
	});

	test("is refused where it would have to be kept", () => {
		const h = new Harness({ persist: true });
		const source = new Generated();
		expect(() => h.client.publish("t", source, { qos: 1 })).toThrow(UsageError);
		expect(() => h.client.publish("t", source)).not.toThrow();
		h.client.publish("t", source, { qos: 1, persist: false });
		expect(h.client.pending).toBe(2);
	});

	test.each([undefined, null, 42, {}, { length: 3 }, { length: 1.5, read: () => WHOLE }, WHOLE.buffer])(
		"is refused where it is none: %j",
		(payload) => {
			const h = new Harness();
			expect(() => h.client.publish("t", payload as unknown as PayloadSource)).toThrow(UsageError);
			expect(h.client.pending).toBe(0);
		},
	);
});
