import { beforeEach, describe, expect, test } from "@jest/globals";
import { DEVICE_LIMITS } from "../../../src/client/limits.ts";
import { hasExpired, MESSAGE_OVERHEAD, Outbox, type OutboxMessage } from "../../../src/client/outbox.ts";
import type { QoS } from "../../../src/codec/index.ts";
import { Harness, type Peer } from "../../support/client-harness.ts";

let sequence = 0;

function message(qos: QoS, bytes = 0, expiresAt?: number): OutboxMessage {
	return {
		sequence: ++sequence,
		size: MESSAGE_OVERHEAD + bytes,
		topic: "",
		payload: new Uint8Array(bytes),
		qos,
		retain: false,
		properties: undefined,
		expiresAt,
		done: undefined,
		dup: false,
		messageId: qos === 0 ? undefined : sequence,
		step: "publishSent",
		record: "none",
	};
}

/** Adds a message; what was released to make room for it, or undefined: it was not taken. */
function dropped(outbox: Outbox, added: OutboxMessage): readonly OutboxMessage[] | undefined {
	const gone = outbox.makeRoom(added.size);
	for (const old of gone ?? []) outbox.release(old);
	if (gone !== undefined) outbox.add(added);
	return gone;
}

beforeEach(() => {
	sequence = 0;
});

describe("Outbox", () => {
	const limits = { ...DEVICE_LIMITS, outboxMessages: 3, outboxBytes: 3 * MESSAGE_OVERHEAD + 100 };

	test("hands messages out in order, QoS 0 past the others where only it may go", () => {
		const outbox = new Outbox({ ...limits, outboxMessages: 10, outboxBytes: 10_000 });
		const all = ([1, 0, 2, 0] as const).map((qos) => message(qos));
		for (const m of all) outbox.add(m);
		expect(outbox.take(true)).toBe(all[1]);
		expect(outbox.take(false)).toBe(all[0]);
		expect(outbox.take(false)).toBe(all[2]);
		expect(outbox.take(false)).toBe(all[3]);
		expect(outbox.take(false)).toBeUndefined();
	});

	test("full of QoS 0 drops its oldest for any newer message", () => {
		const outbox = new Outbox(limits);
		const all = ([0, 0, 0, 0, 1] as const).map((qos) => message(qos));
		expect(all.map((m) => dropped(outbox, m))).toEqual([[], [], [], [all[0]], [all[1]]]);
		expect(outbox.size).toBe(3);
	});

	test("full of QoS 1 and 2 refuses what is newer, of any QoS", () => {
		const outbox = new Outbox(limits);
		for (const qos of [1, 2, 1] as const) expect(dropped(outbox, message(qos))).toEqual([]);
		for (const qos of [0, 1, 2] as const) expect(dropped(outbox, message(qos))).toBeUndefined();
		expect(outbox.size).toBe(3);
	});

	test("is bounded in bytes, and drops no more than helps", () => {
		const outbox = new Outbox(limits);
		const all = [message(0, 40), message(0, 40), message(1, 50)];
		expect(all.map((m) => dropped(outbox, m))).toEqual([[], [], [all[0]]]);
		expect([dropped(outbox, message(1, 11)), dropped(outbox, message(1, 10))]).toEqual([[all[1]], []]);
	});

	test("drops nothing for a message that does not fit anyway", () => {
		const outbox = new Outbox(limits);
		outbox.add(message(1, 60));
		outbox.add(message(0, 40));
		expect(dropped(outbox, message(1, 200))).toBeUndefined();
		expect([outbox.size, outbox.waitingLossy]).toEqual([2, 1]);
	});

	test("counts messages in flight until they are released", () => {
		const outbox = new Outbox(limits);
		const all = [message(1), message(1), message(1)];
		for (const m of all) outbox.add(m);
		const taken = outbox.take(false) as OutboxMessage;
		const newest = message(1);
		expect(dropped(outbox, newest)).toBeUndefined();
		outbox.release(taken);
		expect(dropped(outbox, newest)).toEqual([]);
	});

	test("hands out what is requeued first, in its order", () => {
		const outbox = new Outbox(limits);
		const all = [message(1), message(2), message(1)];
		for (const m of all) outbox.add(m);
		const taken = [outbox.take(false), outbox.take(false)] as OutboxMessage[];
		outbox.requeue(taken);
		expect([outbox.take(false), outbox.take(false), outbox.take(false)]).toEqual(all);
		expect(outbox.size).toBe(3);
	});

	test("hands out what is asked for", () => {
		const outbox = new Outbox(limits);
		const all = [message(1, 0, 500), message(0, 0, 300), message(1)];
		for (const m of all) outbox.add(m);
		expect(outbox.extract((m) => hasExpired(m, 299))).toEqual([]);
		expect(outbox.extract((m) => hasExpired(m, 300))).toEqual([all[1]]);
		expect(outbox.extract((m) => hasExpired(m, 10_000))).toEqual([all[0]]);
		expect(outbox.waiting).toEqual([all[2]]);
	});
});

function topics(peer: Peer): string[] {
	return peer.take().flatMap((packet) => (packet.cmd === "publish" ? [packet.topic] : []));
}

describe("publishing while offline", () => {
	test("queues, and sends in order with the connection", () => {
		const h = new Harness();
		for (const [index, qos] of ([0, 1, 2, 0] as const).entries()) h.client.publish(`t/${index}`, "x", { qos });
		expect(h.client.pending).toBe(4);
		expect(topics(h.accept())).toEqual(["t/0", "t/1", "t/2", "t/3"]);
	});

	test("is bounded: QoS 0 drops its oldest, QoS 1 and 2 refuse the newest", () => {
		const h = new Harness({ limits: { outboxMessages: 3 } });
		const errors: string[] = [];
		const note = (name: string) => (error: { code: string } | undefined) => errors.push(`${name} ${error?.code}`);
		for (const name of ["a", "b", "c", "d"]) h.client.publish(name, "x", {}, note(name));
		for (const name of ["A", "B", "C", "D"]) h.client.publish(name, "x", { qos: 1 }, note(name));
		h.client.publish("e", "x", {}, note("e"));
		expect(errors).toEqual(["a dropped", "b dropped", "c dropped", "d dropped", "D full", "e dropped"]);
		expect(topics(h.accept())).toEqual(["A", "B", "C"]);
	});

	test("without a callback reports in the log what became of a message", () => {
		const h = new Harness({ limits: { outboxMessages: 1 } });
		h.client.publish("a", "x", { qos: 1 });
		h.client.publish("b", "x", { qos: 1 });
		expect(h.lines).toEqual([{ level: "warn", message: expect.stringMatching(/^"b".*outbox is full \(1 messages/) }]);
	});

	test.each([0, 1, 2] as const)("at QoS %i expires with an error", (qos) => {
		const h = new Harness();
		let code: string | undefined;
		h.client.publish("t", "x", { qos, expiry: 5 }, (error) => {
			code = error?.code;
		});
		h.client.start();
		h.advance(4_999);
		expect(code).toBeUndefined();
		h.advance(1);
		expect(code).toBe("expired");
		expect(topics(h.accept())).toEqual([]);
		expect(h.client.pending).toBe(0);
	});

	test("tells an MQTT 5 broker what is left of the expiry", () => {
		const h = new Harness({ protocol: "5" });
		h.client.publish("t", "x", { expiry: 60 });
		h.client.start();
		h.advance(4_500);
		expect(h.accept().takeOne("publish").properties).toEqual({ messageExpiryInterval: 56 });
	});

	test("takes no memory for ever: ids and bytes are free again after refusals", () => {
		const h = new Harness({ limits: { outboxMessages: 2 } });
		for (let count = 0; count < 70_000 / 100; count++) h.client.publish("t", "x", { qos: 1 });
		const peer = h.accept();
		for (const packet of peer.take()) {
			if (packet.cmd === "publish") peer.send({ cmd: "puback", messageId: packet.messageId ?? 0, reasonCode: 0 });
		}
		expect(h.client.pending).toBe(0);
		h.client.publish("after", "x", { qos: 1 });
		expect(topics(peer)).toEqual(["after"]);
	});
});
