import { describe, expect, test } from "@jest/globals";
import { encodeUtf8, type ProtocolVersion, type QoS, REASON, type Will } from "../../../src/codec/index.ts";
import { BrokerHarness } from "../../support/broker-harness.ts";
import type { BrokerPeer } from "../../support/broker-peer.ts";
import { times } from "../../support/times.ts";

const VERSIONS: ProtocolVersion[] = [3, 4, 5];

function will(extra: Partial<Will> = {}): Will {
	return { topic: "device/status", payload: encodeUtf8("offline"), qos: 0, retain: false, ...extra };
}

function delayed(willDelayInterval: number): Will {
	return will({ properties: { willDelayInterval } });
}

/** A hub with somebody who watches the status. */
function watched(options?: ConstructorParameters<typeof BrokerHarness>[0]): {
	hub: BrokerHarness;
	watcher: BrokerPeer;
} {
	const hub = new BrokerHarness(options);
	const watcher = hub.connect({ version: 5, clientId: "watcher" });
	watcher.subscribe("device/#", 2);
	return { hub, watcher };
}

describe.each(VERSIONS)("the will, at level %p", (version) => {
	test.each<QoS>([0, 1, 2])(
		"[MQTT-3.1.2-7] [MQTT-3.1.2-8] [3.1.1 MQTT-3.1.2-8] [3.1 section 3.1, Will flag] is published when the transport ends, at QoS %p",
		(qos) => {
			const { hub, watcher } = watched();
			const client = hub.connect({ version, clientId: "a", will: will({ qos }) });
			client.lose();
			expect(watcher.messages()).toMatchObject([{ topic: "device/status", payload: "offline", qos, retain: false }]);
			expect(hub.core.stats.willsPublished).toBe(1);
		},
	);

	test("[MQTT-3.14.4-3] [3.1.1 MQTT-3.14.4-3] [3.1 section 3.14] is not published after DISCONNECT", () => {
		const { hub, watcher } = watched();
		const client = hub.connect({ version, clientId: "a", will: will() });
		client.disconnect();
		expect(client.isClosed).toBe(true);
		expect(watcher.messages()).toEqual([]);
	});

	test("is published when the keep alive passes", () => {
		const { hub, watcher } = watched();
		hub.connect({ version, clientId: "a", keepalive: 10, will: will() });
		hub.advance(14_999);
		expect(watcher.messages()).toEqual([]);
		hub.advance(1);
		expect(watcher.payloads()).toEqual(["offline"]);
	});

	test("is published after a protocol error", () => {
		const { hub, watcher } = watched();
		hub.connect({ version, clientId: "a", will: will() }).sendBytes(new Uint8Array([0xff, 0]));
		expect(watcher.payloads()).toEqual(["offline"]);
	});

	test("is published when the client connects anew", () => {
		const { hub, watcher } = watched();
		hub.connect({ version, clientId: "a", will: will() });
		hub.connect({ version, clientId: "a", will: will() });
		expect(watcher.payloads()).toEqual(["offline"]);
	});

	test("[MQTT-3.1.2-14] [MQTT-3.1.2-15] [3.1.1 MQTT-3.1.2-16] [3.1.1 MQTT-3.1.2-17] is retained if it says so", () => {
		for (const retain of [false, true]) {
			const hub = new BrokerHarness();
			hub.connect({ version, clientId: "a", will: will({ retain }) }).lose();
			const late = hub.connect({ clientId: "late" });
			late.subscribe("#");
			expect(late.payloads()).toEqual(retain ? ["offline"] : []);
		}
	});

	test("[MQTT-3.1.2-10] [3.1.1 MQTT-3.1.2-10] [3.1.1 MQTT-3.1.2-12] is published once, and not for a later connection without one", () => {
		const { hub, watcher } = watched();
		const options = { version, clientId: "a", clean: false };
		hub.connect({ ...options, will: will() }).lose();
		hub.connect(options).lose();
		expect(watcher.payloads()).toEqual(["offline"]);
	});

	test("an empty one removes the retained message", () => {
		const hub = new BrokerHarness();
		const empty = will({ payload: new Uint8Array(), retain: true });
		const client = hub.connect({ version, clientId: "a", will: empty });
		client.publish("device/status", "online", { retain: true });
		client.lose();
		expect(hub.core.stats.retainedMessages).toBe(0);
	});
});

describe("in version 5", () => {
	test("DISCONNECT 0x04 asks for it, and so does any error", () => {
		const { hub, watcher } = watched();
		for (const reasonCode of [REASON.DISCONNECT_WITH_WILL_MESSAGE, REASON.UNSPECIFIED_ERROR]) {
			hub.connect({ version: 5, clientId: "a", will: will() }).disconnect(reasonCode);
			expect(watcher.payloads()).toEqual(["offline"]);
		}
	});

	test("its properties go along, but not the delay", () => {
		const { hub, watcher } = watched();
		const properties = { contentType: "text/plain", userProperties: { room: "cellar" }, willDelayInterval: 0 };
		hub.connect({ version: 5, clientId: "a", will: will({ properties }) }).lose();
		expect(watcher.messages()[0]?.properties).toEqual({
			contentType: "text/plain",
			userProperties: { room: "cellar" },
		});
	});

	test("[MQTT-3.1.3-10] its user properties keep their order, also where names repeat", () => {
		const { hub, watcher } = watched();
		const userPropertyOrder = ["b", "1", "a", "2", "b", "3", "1", "4"];
		const text = (characters: string) => [0, characters.length, ...encodeUtf8(characters)];
		const properties = times(4, (i) => [0x26, ...userPropertyOrder.slice(2 * i, 2 * i + 2).flatMap(text)]).flat();
		const head = [...text("MQTT"), 5, 0x06, 0, 0, 0, ...text("a")];
		const body = [...head, properties.length, ...properties, ...text("device/status"), ...text("offline")];
		const client = hub.open(5);
		client.sendBytes(new Uint8Array([0x10, body.length, ...body]));
		client.lose();
		expect(watcher.messages()[0]?.properties?.userPropertyOrder).toEqual(userPropertyOrder);
	});

	test("its expiry interval starts when it is published", () => {
		const { hub, watcher } = watched();
		const properties = { messageExpiryInterval: 5, willDelayInterval: 60 };
		const session = { sessionExpiryInterval: 100 };
		hub.connect({ version: 5, clientId: "a", will: will({ properties }), properties: session }).lose();
		hub.advance(60_000);
		expect(watcher.messages()).toMatchObject([{ payload: "offline", properties: { messageExpiryInterval: 5 } }]);
	});
});

describe("Will Delay Interval", () => {
	const lasting = { sessionExpiryInterval: 100 };

	test("[MQTT-3.1.2-8] holds it back for so long", () => {
		const { hub, watcher } = watched();
		hub.connect({ version: 5, clientId: "a", will: delayed(10), properties: lasting }).lose();
		hub.advance(9_999);
		expect(watcher.messages()).toEqual([]);
		hub.advance(1);
		expect(watcher.payloads()).toEqual(["offline"]);
		hub.advance(200_000);
		expect(watcher.messages()).toEqual([]);
	});

	test("[MQTT-3.1.3-9] a client that is back in time takes it back", () => {
		const { hub, watcher } = watched();
		const options = { version: 5, clientId: "a", clean: false, will: delayed(10), properties: lasting } as const;
		hub.connect(options).lose();
		hub.advance(9_000);
		const again = hub.connect(options);
		hub.advance(60_000);
		expect(watcher.messages()).toEqual([]);
		again.disconnect();
		hub.advance(200_000);
		expect(watcher.messages()).toEqual([]);
	});

	test("a takeover in time takes it back as well", () => {
		const { hub, watcher } = watched();
		const options = { version: 5, clientId: "a", clean: false, will: delayed(10), properties: lasting } as const;
		hub.connect(options);
		hub.connect(options);
		hub.advance(60_000);
		expect(watcher.messages()).toEqual([]);
	});

	test("is cut short when the session expires", () => {
		const { hub, watcher } = watched();
		const properties = { sessionExpiryInterval: 4 };
		hub.connect({ version: 5, clientId: "a", will: delayed(10), properties }).lose();
		hub.advance(3_999);
		expect(watcher.messages()).toEqual([]);
		hub.advance(1);
		expect(watcher.payloads()).toEqual(["offline"]);
		expect(hub.core.stats.sessions).toBe(1);
	});

	test("does not count for a session that ends with its connection", () => {
		const { hub, watcher } = watched();
		hub.connect({ version: 5, clientId: "a", will: delayed(10) }).lose();
		expect(watcher.payloads()).toEqual(["offline"]);
	});

	test("is over when the session is ended by a clean start", () => {
		const { hub, watcher } = watched();
		hub.connect({ version: 5, clientId: "a", will: delayed(10), properties: lasting }).lose();
		hub.connect({ version: 5, clientId: "a", clean: true });
		expect(watcher.payloads()).toEqual(["offline"]);
	});
});

describe("a will that must not be published", () => {
	test("because its topic is too deep is refused with the CONNECT", () => {
		const client = new BrokerHarness({ limits: { topicLevels: 2 } }).open(5);
		client.sendConnect({ will: will({ topic: "a/b/c" }) });
		expect(client.takeOne("connack").reasonCode).toBe(REASON.TOPIC_NAME_INVALID);
		expect(client.isClosed).toBe(true);
	});

	test("to $SYS is dropped", () => {
		const hub = new BrokerHarness();
		const watcher = hub.connect({ clientId: "watcher" });
		watcher.subscribe("$SYS/#");
		hub.connect({ clientId: "a", will: will({ topic: "$SYS/broker/version", retain: true }) }).lose();
		expect(watcher.messages()).toEqual([]);
		expect(hub.core.stats.retainedMessages).toBe(0);
	});

	test("on a shutdown of the broker: the clients did nothing wrong", () => {
		const { hub, watcher } = watched();
		hub.connect({ clientId: "a", will: will() });
		hub.core.shutdown(hub.now);
		hub.drain();
		expect(watcher.messages()).toEqual([]);
		expect(watcher.takeOne("disconnect").reasonCode).toBe(REASON.SERVER_SHUTTING_DOWN);
		expect(hub.open().isClosed).toBe(true);
	});
});
