import { describe, expect, test } from "@jest/globals";
import { Keepalive } from "../../../src/client/keepalive.ts";
import { encode, encodePublish } from "../../../src/codec/index.ts";
import { Harness, type Peer } from "../../support/client-harness.ts";

const SECOND = 1_000;
const LONG_MESSAGE = encodePublish(
	{ topic: "t", qos: 0, retain: false, dup: false, messageId: undefined, properties: undefined },
	new Uint8Array(2_000),
	4,
);

/** Lets the client run for `seconds`, and answers each PINGREQ at once. Returns how many came. */
function pingsWithin(h: Harness, peer: Peer, seconds: number): number {
	let pings = 0;
	for (let second = 0; second < seconds; second++) {
		h.advance(SECOND);
		for (const packet of peer.take()) {
			if (packet.cmd !== "pingreq") continue;
			pings++;
			peer.send({ cmd: "pingresp" });
		}
	}
	return pings;
}

describe("PINGREQ", () => {
	test("goes out well within the interval when nothing else does", () => {
		const h = new Harness({ keepAlive: 60 });
		const peer = h.accept();
		h.advance(44 * SECOND);
		expect(peer.take()).toEqual([]);
		h.advance(2 * SECOND);
		peer.takeOne("pingreq");
	});

	test("repeats as long as it is answered, for a day", () => {
		const h = new Harness({ keepAlive: 60 });
		expect(pingsWithin(h, h.accept(), 86_400)).toBeGreaterThanOrEqual(86_400 / 60);
		expect(h.client.state.kind).toBe("online");
	});

	test("goes out when nothing is received, however much is sent", () => {
		const h = new Harness({ keepAlive: 60 });
		const peer = h.accept();
		const sent: string[] = [];
		for (let second = 0; second < 50; second++) {
			h.client.publish("t", "x");
			h.advance(SECOND);
			sent.push(...peer.take().map(({ cmd }) => cmd));
		}
		expect(sent).toContain("pingreq");
	});

	test("goes out when nothing is sent, however much is received", () => {
		const h = new Harness({ keepAlive: 60 });
		const peer = h.accept();
		for (let second = 0; second < 50; second++) {
			peer.sendBytes(LONG_MESSAGE);
			h.advance(SECOND);
		}
		peer.takeOne("pingreq");
	});

	test("is not needed while packets go both ways", () => {
		const h = new Harness({ keepAlive: 60 });
		const peer = h.accept();
		for (let second = 0; second < 300; second++) {
			h.client.publish("t", "x");
			peer.sendBytes(LONG_MESSAGE);
			h.advance(SECOND);
		}
		expect(peer.take().filter(({ cmd }) => cmd === "pingreq")).toEqual([]);
	});

	test("never goes out with a keep alive of 0", () => {
		const h = new Harness({ keepAlive: 0 });
		const peer = h.accept();
		h.advance(86_400 * SECOND);
		expect(peer.take()).toEqual([]);
		expect(h.client.state.kind).toBe("online");
	});

	test("follows the Server Keep Alive of MQTT 5", () => {
		const h = new Harness({ keepAlive: 60, protocol: "5" });
		const peer = h.accept({ properties: { serverKeepAlive: 10 } });
		h.advance(10 * SECOND);
		peer.takeOne("pingreq");
	});

	test("stops when the Server Keep Alive is 0", () => {
		const h = new Harness({ keepAlive: 60, protocol: "5" });
		const peer = h.accept({ properties: { serverKeepAlive: 0 } });
		h.advance(1_000 * SECOND);
		expect(peer.take()).toEqual([]);
	});
});

describe("a half-open link", () => {
	// When the last byte arrived, in seconds after CONNACK; whether the client publishes all the time.
	test.each([
		[60, 0, false],
		[60, 0, true],
		[60, 7, false],
		[60, 44, true],
		[10, 3, false],
		[300, 100, true],
		[3_600, 0, false],
	])("with keep alive %i is found within 1.5 intervals of the last sign of life", (keepAlive, last, publishes) => {
		const h = new Harness({ keepAlive });
		const peer = h.accept();
		h.advance(last * SECOND);
		peer.sendBytes(LONG_MESSAGE.subarray(0, 10));
		let silence = 0;
		while (h.client.state.kind === "online" && silence < 2 * keepAlive) {
			if (publishes) h.client.publish("t", "x");
			h.advance(SECOND);
			silence++;
		}
		expect(peer.isClosed).toBe(true);
		expect(silence).toBeLessThanOrEqual(1.5 * keepAlive);
		expect(h.reasons).toEqual([
			{ phase: "online", protocol: "3.1.1", message: expect.stringContaining("The connection is dead") },
		]);
	});

	test("with a full transport is found as well", () => {
		const h = new Harness({ keepAlive: 60 });
		const peer = h.accept();
		peer.takes = false;
		h.client.publish("t", "x");
		h.advance(90 * SECOND);
		expect(peer.isClosed).toBe(true);
	});

	test("in the middle of a long packet of ours is found as well", () => {
		const h = new Harness({ keepAlive: 60, limits: { outboxBytes: 100_000 } });
		const peer = h.accept();
		peer.takes = false;
		h.client.publish("t", new Uint8Array(50_000));
		h.advance(90 * SECOND);
		expect(peer.isClosed).toBe(true);
	});
});

describe("a slow link is alive", () => {
	test("while a long packet arrives in pieces", () => {
		const h = new Harness({ keepAlive: 60 });
		const peer = h.accept();
		for (const byte of LONG_MESSAGE.subarray(0, 100)) {
			h.advance(29 * SECOND);
			peer.sendBytes(new Uint8Array([byte]));
		}
		expect(h.client.state.kind).toBe("online");
	});

	test("while a long packet of ours goes out in pieces", () => {
		const h = new Harness({ keepAlive: 60, limits: { outboxBytes: 1_000_000 } });
		const peer = h.accept();
		peer.takes = false;
		h.client.publish("t", new Uint8Array(500_000));
		let parts = 1;
		for (; peer.take().length === 0; parts++) {
			h.advance(25 * SECOND);
			expect(h.client.state.kind).toBe("online");
			peer.drained(false);
		}
		expect(parts).toBeGreaterThan(100);
		h.advance(29 * SECOND);
		expect(h.client.state.kind).toBe("online");
	});

	test("when any other packet answers the PINGREQ first", () => {
		const h = new Harness({ keepAlive: 60 });
		const peer = h.accept();
		h.advance(46 * SECOND);
		peer.takeOne("pingreq");
		h.advance(20 * SECOND);
		peer.sendBytes(LONG_MESSAGE);
		h.advance(20 * SECOND);
		expect(h.client.state.kind).toBe("online");
	});
});

describe("Keepalive", () => {
	test("waits for an answer no longer than a minute, however long the interval", () => {
		const keepalive = new Keepalive();
		keepalive.start(3_600, 0);
		const due = keepalive.deadline as number;
		expect(due).toBe(2_700_000);
		expect(keepalive.check(due)).toBe("ping");
		expect(keepalive.deadline).toBe(due + 60_000);
		expect(keepalive.check(due + 60_000)).toBe("dead");
	});

	test("asks for nothing before its time", () => {
		const keepalive = new Keepalive();
		keepalive.start(10, 500);
		expect(keepalive.check(7_999)).toBeUndefined();
		keepalive.sent(6_000);
		keepalive.received(7_000);
		expect(keepalive.deadline).toBe(13_500);
	});
});

test("a client that is idle has no timer but the keepalive's", () => {
	const h = new Harness({ keepAlive: 60, reconnect: { stableAfter: 1 } });
	const peer = h.accept();
	peer.sendBytes(encode({ cmd: "pingresp" }, 4));
	h.advance(10_000);
	expect(h.clock.armed).toBe(1);
});
