import { describe, expect, test } from "@jest/globals";
import type { ClientOptions } from "../../../src/client/index.ts";
import { Harness, type Peer } from "../../support/client-harness.ts";
import { MemoryStore } from "../../support/memory-store.ts";

const OPTIONS: ClientOptions = { clean: false, persist: true, persistDelay: 2_000 };

function boot(store: MemoryStore): { h: Harness; peer: Peer } {
	const h = new Harness(OPTIONS, { store, random: 0.5 });
	return { h, peer: h.accept({ sessionPresent: true }) };
}

function kept(store: MemoryStore): string[] {
	return [...store.records.keys()].filter((key) => key.startsWith("motehub/out/"));
}

describe("with a delay before it is kept, a message", () => {
	test.each([1, 2] as const)("of QoS %d that is acknowledged in time never wears the flash", (qos) => {
		const store = new MemoryStore();
		const { h, peer } = boot(store);
		const before = store.writes;
		for (let count = 0; count < 100; count++) {
			h.client.publish("t", "x", { qos });
			const messageId = peer.takeOne("publish").messageId as number;
			if (qos === 1) peer.send({ cmd: "puback", messageId, reasonCode: 0 });
			else peer.send({ cmd: "pubrec", messageId, reasonCode: 0 }, { cmd: "pubcomp", messageId, reasonCode: 0 });
			peer.take();
			h.advance(100);
		}
		expect(store.writes).toBe(before);
		expect(h.client.pending).toBe(0);
	});

	test("that waits longer is kept, with all others, and forgotten when it is acknowledged", () => {
		const store = new MemoryStore();
		const { h, peer } = boot(store);
		h.client.publish("a", "x", { qos: 1 });
		h.client.publish("b", "x", { qos: 1 });
		h.advance(1_999);
		expect(kept(store)).toEqual([]);
		h.advance(1);
		expect(kept(store)).toHaveLength(2);
		const [a] = peer.take();
		if (a?.cmd === "publish") peer.send({ cmd: "puback", messageId: a.messageId as number, reasonCode: 0 });
		expect(kept(store)).toHaveLength(1);
	});

	test.each([1, 2] as const)("of QoS %d that need not survive is never kept, and delivered nevertheless", (qos) => {
		const store = new MemoryStore();
		const { h, peer } = boot(store);
		h.client.publish("t", "x", { qos, persist: false });
		h.advance(2_000);
		const messageId = peer.takeOne("publish").messageId as number;
		if (qos === 2) peer.send({ cmd: "pubrec", messageId, reasonCode: 0 });
		peer.drop();
		h.client.publish("t", "y", { qos, persist: false });
		expect(kept(store)).toEqual([]);
		expect(h.client.pending).toBe(2);
	});

	test("is kept at once when the connection is lost, when the client ends, and while there is none", () => {
		for (const end of ["drop", "end"] as const) {
			const store = new MemoryStore();
			const { h, peer } = boot(store);
			h.client.publish("a", "x", { qos: 1 });
			if (end === "drop") peer.drop();
			else {
				void h.client.end();
				peer.take();
			}
			expect(kept(store)).toHaveLength(1);
			h.client.publish("b", "x", { qos: 1 });
			expect(kept(store)).toHaveLength(2);
			expect(boot(store.copy()).peer.take()).toMatchObject([{ topic: "a" }, { topic: "b" }]);
		}
	});

	test("that the broker has, but no record, has its id taken by no other after a restart", () => {
		const store = new MemoryStore();
		const { h, peer } = boot(store);
		h.client.publish("t", "kept", { qos: 2 });
		h.advance(2_000);
		h.client.publish("t", "in RAM alone", { qos: 2 });
		const ids = peer.take().map((packet) => (packet.cmd === "publish" ? packet.messageId : undefined));
		const after = new Harness(OPTIONS, { store, random: 0 });
		after.client.publish("t", "another", { qos: 2 });
		const [again, another] = after.accept({ sessionPresent: true }).take();
		expect(again).toMatchObject({ cmd: "publish", messageId: ids[0], dup: true });
		// The broker would take it for the one that it has, and drop it.
		expect(another).toMatchObject({ cmd: "publish", messageId: 1, dup: false });
		expect(ids).toEqual([32_768, 32_769]);
	});

	test("that was released before it was kept goes on with PUBREL after a restart", () => {
		const store = new MemoryStore();
		const { h, peer } = boot(store);
		h.client.publish("a", "x", { qos: 2 });
		const messageId = peer.takeOne("publish").messageId as number;
		peer.send({ cmd: "pubrec", messageId, reasonCode: 0 });
		h.advance(2_000);
		expect(boot(store.copy()).peer.take()).toMatchObject([{ cmd: "pubrel", messageId }]);
	});

	test("that was kept before it was released has its release kept before PUBREL leaves", () => {
		const store = new MemoryStore();
		const { h, peer } = boot(store);
		h.client.publish("a", "x", { qos: 2 });
		const messageId = peer.takeOne("publish").messageId as number;
		h.advance(2_000);
		peer.send({ cmd: "pubrec", messageId, reasonCode: 0 });
		expect(boot(store.copy()).peer.take()).toMatchObject([{ cmd: "pubrel", messageId }]);
	});
});
