import { describe, expect, test } from "@jest/globals";
import type { ClientOptions } from "../../../src/client/index.ts";
import { decodeIds, decodeMessage, encodeIds, seal, unseal } from "../../../src/client/journal.ts";
import { encodeAck, encodePublish, encodeUtf8 } from "../../../src/codec/index.ts";
import { Harness, type Peer } from "../../support/client-harness.ts";
import { MemoryStore } from "../../support/memory-store.ts";

const OPTIONS: ClientOptions = { clean: false, persist: true };

/** A new process with what is in the store. */
function boot(store: MemoryStore, options: ClientOptions = OPTIONS): Harness {
	return new Harness(options, { store, random: 0.5 });
}

function outKeys(store: MemoryStore): string[] {
	return [...store.records.keys()].filter((key) => key.startsWith("motehub/out/"));
}

function summary(peer: Peer): unknown[] {
	return peer.take().map((packet) => {
		if (packet.cmd !== "publish") return [packet.cmd, "messageId" in packet ? packet.messageId : undefined];
		return [packet.topic, packet.qos, packet.dup, packet.payload.length, packet.messageId];
	});
}

describe("a restart", () => {
	test("keeps what was queued while offline, in order, but not QoS 0", () => {
		const store = new MemoryStore();
		const before = boot(store);
		before.client.publish("a", "1", { qos: 1, retain: true });
		before.client.publish("b", "22", { qos: 0 });
		before.client.publish("c", "333", { qos: 2 });
		const after = boot(store);
		expect(after.client.pending).toBe(2);
		const peer = after.accept();
		expect(peer.take()).toMatchObject([
			{ topic: "a", qos: 1, retain: true, dup: false, payload: encodeUtf8("1") },
			{ topic: "c", qos: 2, retain: false, dup: false, payload: encodeUtf8("333") },
		]);
	});

	test("goes on where QoS 1 and 2 stood, with the same ids", () => {
		const store = new MemoryStore();
		const before = boot(store);
		const peer = before.accept();
		before.client.publish("a", "x", { qos: 1 });
		before.client.publish("b", "x", { qos: 2 });
		before.client.publish("c", "x", { qos: 2 });
		const [a, b, c] = peer.take().map((packet) => ("messageId" in packet ? (packet.messageId ?? 0) : 0));
		peer.send({ cmd: "pubrec", messageId: b as number, reasonCode: 0 });
		const after = boot(store);
		const again = after.accept({ sessionPresent: true });
		expect(summary(again)).toEqual([
			["pubrel", b],
			["a", 1, true, 1, a],
			["c", 2, true, 1, c],
		]);
		again.send({ cmd: "puback", messageId: a as number, reasonCode: 0 });
		again.send({ cmd: "pubcomp", messageId: b as number, reasonCode: 0 });
		expect(outKeys(store)).toHaveLength(1);
	});

	test("does not deliver an incoming QoS 2 message again", () => {
		const store = new MemoryStore();
		const message = { cmd: "publish", topic: "t", payload: encodeUtf8("x"), qos: 2, retain: false } as const;
		const rest = { dup: false, messageId: 7, properties: undefined };
		boot(store)
			.accept()
			.send({ ...message, ...rest });
		const after = boot(store);
		const peer = after.accept({ sessionPresent: true });
		peer.send({ ...message, ...rest, dup: true });
		expect(peer.takeOne("pubrec").messageId).toBe(7);
		expect(after.messages).toEqual([]);
		peer.send({ cmd: "pubrel", messageId: 7, reasonCode: 0 });
		boot(store)
			.accept({ sessionPresent: true })
			.send({ ...message, ...rest });
		const last = boot(store);
		last.accept({ sessionPresent: false }).send({ ...message, ...rest });
		expect(last.messages).toHaveLength(1);
	});

	test("takes the next message with a released id for a new one, also when the release could not be written", () => {
		const store = new MemoryStore();
		const header = { topic: "t", qos: 2, retain: false, dup: false, messageId: 7, properties: undefined } as const;
		const message = { cmd: "publish", ...header, payload: encodeUtf8("x") } as const;
		const peer = boot(store).accept();
		peer.send(message);
		store.isFull = true;
		peer.send({ cmd: "pubrel", messageId: 7, reasonCode: 0 });
		const after = boot(store);
		after.accept({ sessionPresent: true }).send(message);
		expect(after.messages).toHaveLength(1);
	});

	test("stores the id of an incoming QoS 2 message before it is delivered", () => {
		const store = new MemoryStore();
		const seen: boolean[] = [];
		const h = boot(store, { ...OPTIONS, onMessage: () => seen.push(store.records.has("motehub/received")) });
		const peer = h.accept();
		const payload = new Uint8Array(1);
		const header = { topic: "t", qos: 2, retain: false, dup: false, messageId: 7, properties: undefined } as const;
		peer.send({ cmd: "publish", ...header, payload });
		expect(seen).toEqual([true]);
	});

	test("keeps an expiry, and MQTT 5 properties", () => {
		const store = new MemoryStore();
		const options = { ...OPTIONS, protocol: "5" } as const;
		const properties = { contentType: "text/plain", userProperties: { a: "b" } };
		boot(store, options).client.publish("t", "x", { qos: 1, expiry: 100, properties });
		const after = boot(store, options);
		after.client.start();
		after.advance(9_000);
		expect(after.accept().takeOne("publish").properties).toMatchObject({ ...properties, messageExpiryInterval: 91 });
	});

	test("lets a kept message expire", () => {
		const store = new MemoryStore();
		boot(store).client.publish("t", "x", { qos: 1, expiry: 10 });
		const after = boot(store);
		after.client.start();
		after.advance(10_001);
		expect(after.accept().take()).toEqual([]);
		expect(outKeys(store)).toEqual([]);
	});

	test("after end keeps what end interrupted; it goes out with the next start, in this life or another", () => {
		const store = new MemoryStore();
		const h = boot(store);
		const codes: unknown[] = [];
		h.client.publish("a", "x", { qos: 1 }, (error) => codes.push(error?.code));
		void h.client.end();
		expect(codes).toEqual(["ended"]);
		expect(boot(store.copy()).accept().takeOne("publish").topic).toBe("a");
		expect(h.accept().takeOne("publish").topic).toBe("a");
		expect(codes).toEqual(["ended"]);
	});

	test("keeps no payload that is not sent again", () => {
		const store = new MemoryStore();
		const h = boot(store);
		const peer = h.accept();
		h.client.publish("t", new Uint8Array(1_000), { qos: 2 });
		const [key] = outKeys(store);
		expect(store.records.get(key as string)?.length).toBeGreaterThan(1_000);
		peer.send({ cmd: "pubrec", messageId: peer.takeOne("publish").messageId as number, reasonCode: 0 });
		expect(store.records.get(key as string)?.length).toBeLessThan(30);
	});

	test("does not keep what cannot be written down, and says so", () => {
		const store = new MemoryStore();
		const h = boot(store);
		h.client.publish("t", "x", { qos: 1, properties: { contentType: "\ud800" } });
		expect(outKeys(store)).toEqual([]);
		expect(h.lines).toEqual([{ level: "warn", message: expect.stringContaining("cannot be kept") }]);
		expect(h.accept().takeOne("publish").topic).toBe("t"); // 3.1.1 has no properties to stumble over
	});

	test("keeps nothing unless told to", () => {
		const store = new MemoryStore();
		const h = boot(store, { clean: false });
		h.client.publish("a", "x", { qos: 1 });
		h.accept();
		expect([...store.records.keys()].filter((key) => !key.startsWith("motehub/version/"))).toEqual([]);
	});

	test("writes once for each QoS 1 message, and twice for each QoS 2 message", () => {
		const store = new MemoryStore();
		const h = boot(store);
		const peer = h.accept();
		const before = store.writes;
		for (const qos of [1, 2] as const) {
			h.client.publish("t", "x", { qos });
			const messageId = peer.takeOne("publish").messageId as number;
			if (qos === 1) peer.send({ cmd: "puback", messageId, reasonCode: 0 });
			else peer.send({ cmd: "pubrec", messageId, reasonCode: 0 }, { cmd: "pubcomp", messageId, reasonCode: 0 });
			peer.take();
		}
		expect(store.writes - before).toBe(3);
		expect(outKeys(store)).toEqual([]);
	});
});

describe("a bad store", () => {
	test("that is damaged anywhere costs the damaged record, and says so", () => {
		const store = new MemoryStore();
		const before = boot(store);
		before.client.publish("a", "x", { qos: 1 });
		before.client.publish("b", "x", { qos: 1 });
		const [key] = outKeys(store);
		const record = store.records.get(key as string) as Uint8Array;
		for (let at = 0; at < record.length; at++) {
			const damaged = store.copy();
			(damaged.records.get(key as string) as Uint8Array)[at] = (record[at] as number) ^ 0x10;
			const after = boot(damaged);
			expect(summary(after.accept())).toMatchObject([["b", 1, false, 1, expect.anything()]]);
			expect(after.lines).toContainEqual({ level: "warn", message: expect.stringContaining("damaged") });
			expect(outKeys(damaged)).toHaveLength(1);
		}
	});

	test("whose records are cut short costs those records", () => {
		const store = new MemoryStore();
		const h = boot(store, { ...OPTIONS, clientId: undefined });
		h.client.publish("a", "x", { qos: 1 });
		h.accept().send({
			cmd: "publish",
			topic: "t",
			payload: new Uint8Array(0),
			qos: 2,
			retain: false,
			dup: false,
			messageId: 3,
			properties: undefined,
		});
		for (const [key, value] of store.records) store.records.set(key, value.subarray(0, value.length - 1));
		const after = boot(store, { ...OPTIONS, clientId: undefined });
		expect(after.accept().take()).toEqual([]);
		expect(after.lines.filter(({ message }) => message.includes("damaged"))).toHaveLength(4);
	});

	test("with a record twice, or under a name of no meaning, costs the surplus", () => {
		const store = new MemoryStore();
		boot(store).client.publish("a", "x", { qos: 1 });
		const [key] = outKeys(store);
		const record = store.records.get(key as string) as Uint8Array;
		store.set("motehub/out/00000009", record);
		store.set("motehub/out/zzz", record);
		const after = boot(store);
		expect(after.client.pending).toBe(1);
		expect(after.accept().take()).toHaveLength(1);
		expect(outKeys(store)).toEqual([key]);
	});

	test("that cannot be read is treated as empty, with an error in the log", () => {
		const store = new MemoryStore();
		store.isUnreadable = true;
		const h = boot(store);
		h.accept();
		expect(h.client.state.kind).toBe("online");
		expect(h.lines).toContainEqual({ level: "error", message: expect.stringContaining("cannot be read") });
	});

	test("that is full costs persistence, is reported once, and recovers", () => {
		const store = new MemoryStore();
		const h = boot(store);
		const peer = h.accept();
		store.isFull = true;
		for (const topic of ["a", "b", "c"]) h.client.publish(topic, "x", { qos: 1 });
		expect(peer.take()).toHaveLength(3);
		expect(h.lines).toEqual([{ level: "error", message: expect.stringContaining("full") }]);
		store.isFull = false;
		h.client.publish("d", "x", { qos: 1 });
		expect(outKeys(store)).toHaveLength(1);
	});
});

describe("a record", () => {
	test("is what it was, or nothing", () => {
		const body = Uint8Array.from([1, 2, 3]);
		expect(unseal(seal(body))).toEqual(body);
		expect(unseal(undefined)).toBeUndefined();
		expect(unseal(new Uint8Array(4))).toBeUndefined();
		const newer = seal(body);
		newer[0] = 2;
		expect(unseal(newer)).toBeUndefined();
	});

	test("of packet ids comes back, also from an odd address", () => {
		const ids = [1, 258, 65_535];
		const body = encodeIds(ids);
		const shifted = new Uint8Array(body.length + 1);
		shifted.set(body, 1);
		expect([decodeIds(body), decodeIds(shifted.subarray(1))]).toEqual([ids, ids]);
	});

	test.each(["publish", "pubrel"] as const)("of a message, %s, comes back, whole or not at all", (cmd) => {
		const properties = { messageExpiryInterval: 3_600 };
		const header = { topic: "ä/b", qos: 2, retain: true, dup: false, messageId: 77, properties } as const;
		const payload = encodeUtf8("payload");
		const body = cmd === "publish" ? encodePublish(header, payload, 5) : encodeAck("pubrel", 77, 0, 5);
		expect(decodeMessage(body)).toMatchObject(cmd === "publish" ? { ...header, payload } : { cmd, messageId: 77 });
		for (let length = 0; length < body.length; length++)
			expect(decodeMessage(body.subarray(0, length))).toBeUndefined();
	});

	test("of another packet is none of a message", () => {
		expect(decodeMessage(encodeAck("puback", 77, 0, 5))).toBeUndefined();
	});
});
