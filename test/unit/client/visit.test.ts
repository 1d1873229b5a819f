import { describe, expect, test } from "@jest/globals";
import type { ClientOptions, DisconnectReason } from "../../../src/client/index.ts";
import { type DecodedPacket, encodeUtf8 } from "../../../src/codec/index.ts";
import { Harness } from "../../support/client-harness.ts";
import { MemoryStore } from "../../support/memory-store.ts";

const OPTIONS: ClientOptions = { clean: false, persist: true };

/** One wake of a device: `results` gets what the visit resolves with. */
function wake(
	store: MemoryStore,
	listen = 0,
	options = OPTIONS,
): { h: Harness; results: (DisconnectReason | undefined)[] } {
	const h = new Harness(options, { store, random: 0.5 });
	const results: (DisconnectReason | undefined)[] = [];
	h.client.subscribe("commands", () => h.client.publish("answer", "x", { qos: 1 }), { qos: 1 });
	h.client.publish("reading", "1", { qos: 1 });
	void h.client.visit({ within: 20_000, listen }).then((reason) => results.push(reason));
	return { h, results };
}

/** Accepts the connection; what the client sends then. */
function meet(h: Harness): DecodedPacket[] {
	h.connect();
	h.peer.send({ cmd: "connack", sessionPresent: false, reasonCode: 0 });
	return h.peer.take();
}

/** Acknowledges what these packets ask for. */
function answer(h: Harness, packets: readonly DecodedPacket[]): void {
	for (const packet of packets) {
		if (packet.cmd === "subscribe") h.peer.send({ cmd: "suback", messageId: packet.messageId, granted: [1] });
		if (packet.cmd === "publish") {
			h.peer.send({ cmd: "puback", messageId: packet.messageId as number, reasonCode: 0 });
		}
	}
}

async function settled(): Promise<void> {
	for (let turn = 0; turn < 3; turn++) await Promise.resolve();
}

describe("a visit", () => {
	test("connects, subscribes, delivers, disconnects", async () => {
		const { h, results } = wake(new MemoryStore());
		const asked = meet(h);
		expect(asked.map(({ cmd }) => cmd)).toEqual(["subscribe", "publish"]);
		answer(h, asked.slice(0, 1));
		expect(h.client.state.kind).toBe("online");
		answer(h, asked.slice(1));
		h.peer.takeOne("disconnect");
		expect(h.client.state).toEqual({ kind: "ended" });
		await settled();
		expect(results).toEqual([undefined]);
		expect(h.clock.armed).toBe(0);
	});

	test("that comes while the client waits to try again tries at once", () => {
		const h = new Harness({}, { random: 0.5 });
		h.client.start();
		h.peer.drop({ phase: "tcp", message: "unreachable" });
		expect(h.client.state.kind).toBe("offline");
		void h.client.visit({ within: 20_000 });
		expect(h.client.state.kind).toBe("connecting");
		expect(meet(h).map(({ cmd }) => cmd)).toEqual(["disconnect"]);
		expect(h.client.state).toEqual({ kind: "ended" });
		expect(h.clock.armed).toBe(0);
	});

	test("stays for what the broker has kept, and lets handlers answer it", async () => {
		const { h, results } = wake(new MemoryStore(), 500);
		answer(h, meet(h));
		h.advance(400);
		const command = { topic: "commands", payload: encodeUtf8("x"), qos: 1, retain: false, dup: false } as const;
		h.peer.send({ cmd: "publish", ...command, messageId: 9, properties: undefined });
		const replies = h.peer.take();
		expect(replies).toMatchObject([
			{ cmd: "puback", messageId: 9 },
			{ cmd: "publish", topic: "answer" },
		]);
		h.advance(200);
		expect(h.client.state.kind).toBe("online");
		answer(h, replies);
		h.peer.takeOne("disconnect");
		await settled();
		expect(results).toEqual([undefined]);
	});

	test("says DISCONNECT also over a transport that was full, once it takes more", () => {
		const h = new Harness();
		void h.client.visit({ within: 20_000, listen: 100 });
		const peer = h.accept();
		peer.takes = false;
		h.client.publish("a", "x");
		h.advance(100);
		expect(peer.take().map(({ cmd }) => cmd)).toEqual(["publish"]);
		peer.drained();
		expect(peer.take().map(({ cmd }) => cmd)).toEqual(["disconnect"]);
		expect(h.client.state).toEqual({ kind: "ended" });
	});

	test("that finds no broker ends in time, says why, and keeps what it had for the next one", async () => {
		const store = new MemoryStore();
		const { h, results } = wake(store);
		h.advance(20_000);
		expect(h.client.state.kind).toBe("ended");
		await settled();
		expect(results).toMatchObject([{ message: expect.stringContaining("time of the visit was over") }]);
		expect(h.clock.armed).toBe(0);
		expect(meet(wake(store).h).filter(({ cmd }) => cmd === "publish")).toHaveLength(2);
	});

	test("can follow another one of the same client", async () => {
		const { h, results } = wake(new MemoryStore());
		for (let visit = 0; visit < 2; visit++) {
			if (visit > 0) void h.client.visit({ within: 20_000 }).then((reason) => results.push(reason));
			answer(h, meet(h));
			await settled();
		}
		expect(results).toEqual([undefined, undefined]);
	});
});

describe("the session of MQTT 5 that a restart resumes", () => {
	const expiring: ClientOptions = { protocol: "5", clean: true, sessionExpiry: 600 };

	function connects(store: MemoryStore, options: ClientOptions): boolean {
		const h = new Harness(options, { store, random: 0.5 });
		h.client.start();
		const { clean } = h.connect();
		h.peer.send({ cmd: "connack", sessionPresent: !clean, reasonCode: 0 });
		expect(h.client.state.kind).toBe("online");
		return clean;
	}

	test("is known after it with `persist`, for one write in all", () => {
		const store = new MemoryStore();
		const options = { ...expiring, persist: true };
		expect([1, 2, 3].map(() => connects(store, options))).toEqual([true, false, false]);
		expect([...store.records.keys()].filter((key) => key.startsWith("motehub/session/"))).toHaveLength(1);
		expect(store.writes).toBe(2); // the version, and the session
	});

	test("is begun anew without", () => {
		const store = new MemoryStore();
		expect([1, 2].map(() => connects(store, expiring))).toEqual([true, true]);
	});
});
