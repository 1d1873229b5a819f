import { describe, expect, test } from "@jest/globals";
import { type ProtocolVersion, REASON } from "../../../src/codec/index.ts";
import { BrokerHarness } from "../../support/broker-harness.ts";
import { times } from "../../support/times.ts";

const expiring = (sessionExpiryInterval: number) =>
	({ version: 5, clean: false, properties: { sessionExpiryInterval } }) as const;

describe("session present", () => {
	test("[MQTT-3.2.2-3] [3.1.1 MQTT-3.2.2-2] [3.1.1 MQTT-3.2.2-3] is 1 if there is a session, also one without subscriptions", () => {
		const hub = new BrokerHarness();
		for (const options of [{ version: 4, clean: false }, expiring(100)] as const) {
			const clientId = `${options.version}`;
			expect(hub.connect({ ...options, clientId }).connack?.sessionPresent).toBe(false);
			expect(hub.connect({ ...options, clientId }).connack?.sessionPresent).toBe(true);
		}
	});

	test("[MQTT-3.2.2-2] is 0 with a clean start, which [MQTT-3.1.2-4] ends the earlier session", () => {
		const hub = new BrokerHarness();
		hub.connect({ clientId: "a", clean: false }).subscribe("t", 1);
		expect(hub.connect({ clientId: "a", clean: true }).connack?.sessionPresent).toBe(false);
		expect(hub.core.stats.subscriptions).toBe(0);
		const after = hub.connect({ clientId: "a", clean: false });
		expect(after.connack?.sessionPresent).toBe(false);
		after.publish("t", "x");
		expect(after.messages()).toEqual([]);
	});

	test("is 0 after a session that ended with its connection", () => {
		const hub = new BrokerHarness();
		hub.connect({ clientId: "a", clean: true });
		expect(hub.connect({ clientId: "a", clean: false }).connack?.sessionPresent).toBe(false);
		hub.connect({ version: 5, clientId: "b", clean: false });
		expect(hub.connect({ version: 5, clientId: "b", clean: false }).connack?.sessionPresent).toBe(false);
	});

	test("is never said to 3.1, which has no such flag; the session is resumed all the same", () => {
		const hub = new BrokerHarness();
		hub.connect({ version: 3, clientId: "a", clean: false }).subscribe("t");
		const again = hub.connect({ version: 3, clientId: "a", clean: false });
		expect(again.connack?.sessionPresent).toBe(false);
		again.publish("t", "x");
		expect(again.payloads()).toEqual(["x"]);
	});
});

describe("how long a session lasts", () => {
	test("[MQTT-4.1.0-2] in version 5 as long as it asks for after its connection", () => {
		const hub = new BrokerHarness();
		hub.connect({ ...expiring(10), clientId: "a" }).disconnect();
		hub.advance(9_999);
		const again = hub.connect({ ...expiring(10), clientId: "a" });
		expect(again.connack?.sessionPresent).toBe(true);
		hub.advance(60_000); // [MQTT-4.1.0-1] it does not end while connected
		again.lose();
		hub.advance(10_000);
		expect(hub.eventsOf("sessionEnded")).toMatchObject([{ clientId: "a" }]);
		expect(hub.core.stats).toMatchObject({ sessions: 0, sessionsExpired: 1 });
		expect(hub.connect({ ...expiring(10), clientId: "a" }).connack?.sessionPresent).toBe(false);
	});

	test("0xffffffff and 3.x without clean session: for ever", () => {
		const hub = new BrokerHarness();
		hub.connect({ ...expiring(0xffff_ffff), clientId: "a" }).lose();
		hub.connect({ version: 4, clean: false, clientId: "b" }).lose();
		hub.advance(1_000 * 3_600 * 24 * 365);
		expect(hub.core.nextTimeout()).toBeUndefined();
		expect(hub.core.stats.sessions).toBe(2);
	});

	test("no longer than the broker's limit, also in 3.x", () => {
		const hub = new BrokerHarness({ limits: { sessionExpiry: 5 } });
		hub.connect({ ...expiring(0xffff_ffff), clientId: "a" }).lose();
		hub.connect({ version: 4, clean: false, clientId: "b" }).lose();
		hub.advance(5_000);
		expect(hub.core.stats.sessions).toBe(0);
	});

	test("DISCONNECT can change it", () => {
		const hub = new BrokerHarness();
		hub.connect({ ...expiring(10), clientId: "longer" }).disconnect(0, 100);
		hub.connect({ ...expiring(10), clientId: "ended" }).disconnect(0, 0);
		expect(hub.core.stats.sessions).toBe(1);
		hub.advance(99_999);
		expect(hub.core.stats.sessions).toBe(1);
		hub.advance(1);
		expect(hub.core.stats.sessions).toBe(0);
	});

	test("but DISCONNECT cannot make a session last that CONNECT did not", () => {
		const hub = new BrokerHarness();
		const client = hub.connect({ version: 5, clientId: "a" });
		client.disconnect(0, 100);
		expect(client.takeOne("disconnect").reasonCode).toBe(REASON.PROTOCOL_ERROR);
		expect(hub.core.stats.sessions).toBe(0);
	});

	test("a new CONNECT sets it anew", () => {
		const hub = new BrokerHarness();
		hub.connect({ ...expiring(1_000), clientId: "a" }).lose();
		hub.connect({ ...expiring(10), clientId: "a" }).lose();
		hub.advance(10_000);
		expect(hub.core.stats.sessions).toBe(0);
	});
});

describe("what a session keeps", () => {
	test("[MQTT-3.1.2-5] subscriptions with their options, across versions", () => {
		const hub = new BrokerHarness();
		const client = hub.connect({ ...expiring(100), clientId: "a" });
		client.subscribe([{ topic: "t", qos: 1, nl: true, rap: true }], 0, { subscriptionIdentifier: 9 });
		client.lose();
		const again = hub.connect({ ...expiring(100), clientId: "a" });
		again.publish("t", "own");
		const other = hub.connect({ clientId: "b" });
		other.publish("t", "x", { retain: true, qos: 1 });
		expect(again.messages()).toMatchObject([
			{ payload: "x", retain: true, qos: 1, properties: { subscriptionIdentifier: [9] } },
		]);
		again.lose();
		const old = hub.connect({ version: 4, clean: false, clientId: "a" });
		expect(old.messages()).toMatchObject([{ payload: "x", dup: true }]);
	});

	test("but not for another user: who knows a client id gets nobody's messages", () => {
		const hub = new BrokerHarness();
		const ada = { clientId: "a", clean: false, username: "ada" };
		const client = hub.connect(ada);
		client.subscribe("secret", 1);
		client.lose();
		hub.connect({ clientId: "pub" }).publish("secret", "for ada", { qos: 1 });
		const eve = hub.connect({ ...ada, username: "eve" });
		expect(eve.connack?.sessionPresent).toBe(false);
		hub.connect({ clientId: "pub" }).publish("secret", "for ada", { qos: 1 });
		expect(eve.messages()).toEqual([]);
	});
});

test.each<ProtocolVersion>([3, 4, 5])(
	"[MQTT-3.12.4-1] [3.1.1 MQTT-3.12.4-1] [3.1 section 3.12] PINGREQ is answered, at level %p",
	(version) => {
		const client = new BrokerHarness().connect({ version });
		client.send({ cmd: "pingreq" }); // [MQTT-3.12.4-1]
		expect(client.take()).toEqual([{ cmd: "pingresp" }]);
	},
);

describe("keep alive", () => {
	test.each<ProtocolVersion>([3, 4, 5])(
		"[MQTT-3.1.2-22] [MQTT-3.2.2-22] [3.1.1 MQTT-3.1.2-24] [3.1 section 3.1, Keep Alive timer] a silent client is closed after one and a half times, at level %p",
		(version) => {
			const hub = new BrokerHarness();
			const client = hub.connect({ version, keepalive: 10 });
			hub.advance(10_000);
			client.send({ cmd: "pingreq" });
			hub.advance(14_999);
			expect(client.isClosed).toBe(false);
			hub.advance(1);
			expect(client.isClosed).toBe(true);
			if (version === 5) expect(client.takeOne("disconnect").reasonCode).toBe(REASON.KEEP_ALIVE_TIMEOUT);
			expect(hub.eventsOf("disconnected")).toMatchObject([{ reasonCode: REASON.KEEP_ALIVE_TIMEOUT }]);
		},
	);

	test("0 is off", () => {
		const hub = new BrokerHarness();
		const client = hub.connect({ keepalive: 0 });
		expect(hub.core.nextTimeout()).toBeUndefined();
		hub.advance(1_000_000_000);
		expect(client.isClosed).toBe(false);
	});

	test("a packet that arrives in pieces is a sign of life", () => {
		const hub = new BrokerHarness();
		const client = hub.connect({ keepalive: 10 });
		client.sendBytes(new Uint8Array([0x30, 0x80, 0x01, 0, 1, 0x74]));
		for (let i = 0; i < 100; i++) {
			hub.advance(14_000);
			client.sendBytes(new Uint8Array([0x78]));
		}
		expect(client.isClosed).toBe(false);
	});

	test("many clients cost one deadline each, moved only when it is due", () => {
		const hub = new BrokerHarness();
		const clients = times(50, (i) => hub.connect({ clientId: `${i}`, keepalive: 60 }));
		for (let second = 0; second < 300; second++) {
			hub.advance(1_000);
			for (const client of clients.slice(0, 25)) client.send({ cmd: "pingreq" });
		}
		expect(clients.map(({ isClosed }) => isClosed)).toEqual(clients.map((_, i) => i >= 25));
	});
});
