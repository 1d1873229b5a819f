import { describe, expect, test } from "@jest/globals";
import type { ProtocolVersion } from "../../../src/codec/index.ts";
import { BrokerHarness } from "../../support/broker-harness.ts";
import { lasting } from "../../support/lasting.ts";

const VERSIONS: ProtocolVersion[] = [3, 4, 5];

describe.each(VERSIONS)("a session, at level %p", (version) => {
	test("[MQTT-3.1.2-6] [3.1.1 MQTT-3.1.2-4] begins where there is none", () => {
		const hub = new BrokerHarness();
		const client = hub.connect(lasting(version));
		expect(client.connack?.sessionPresent).toBe(false);
		client.subscribe("t");
		client.publish("t", "x");
		expect(client.payloads()).toEqual(["x"]);
	});

	test("[MQTT-3.1.2-23] [3.1.1 MQTT-3.1.2-4] [3.1.1 MQTT-4.1.0-1] [3.1 section 3.1, Clean session flag] is kept while its client is away", () => {
		const hub = new BrokerHarness();
		const client = hub.connect(lasting(version));
		client.subscribe("t/#", 2);
		client.disconnect();
		const publisher = hub.connect({ clientId: "pub" });
		publisher.publish("t/a", "at least once", { qos: 1 });
		publisher.publishExactlyOnce("t/b", "exactly once");
		hub.advance(1_800_000);
		const again = hub.connect(lasting(version));
		expect(again.connack?.sessionPresent).toBe(version > 3);
		expect(again.payloads()).toEqual(["at least once", "exactly once"]);
		publisher.publish("t/c", "live");
		expect(again.payloads()).toEqual(["live"]);
	});

	test("[MQTT-4.1.0-1] [3.1.1 MQTT-4.1.0-2] lasts as long as its connection, however long that is", () => {
		const hub = new BrokerHarness({ limits: { sessionExpiry: 1 } });
		for (const clean of [true, false]) {
			const client = hub.connect({ version, clientId: `${clean}`, clean });
			client.subscribe("t");
			hub.advance(86_400_000);
			client.publish("t", "x");
			expect(client.payloads()).toEqual(["x"]);
		}
	});

	test("[MQTT-3.1.2-4] [MQTT-3.1.4-4] [MQTT-3.2.2-2] [3.1.1 MQTT-3.1.2-6] [3.1.1 MQTT-3.1.4-3] [3.1.1 MQTT-3.2.2-1] [3.1 section 3.1, Clean session flag] is discarded by a clean start", () => {
		const hub = new BrokerHarness();
		const client = hub.connect(lasting(version));
		client.subscribe("t", 2);
		client.lose();
		const publisher = hub.connect({ clientId: "pub" });
		publisher.publish("t", "waits", { qos: 1 });
		const clean = hub.connect({ version, clientId: "client", clean: true });
		expect(clean.connack?.sessionPresent).toBe(false);
		publisher.publish("t", "live", { qos: 1 });
		expect(clean.take()).toEqual([]);
		clean.subscribe("t", 2);
		clean.lose();
		expect(hub.connect(lasting(version)).connack?.sessionPresent).toBe(false);
		expect(hub.core.stats.subscriptions).toBe(0);
	});

	test("[3.1.1 MQTT-3.1.2-7] is not what keeps retained messages", () => {
		const hub = new BrokerHarness();
		const client = hub.connect({ version, clientId: "a", clean: true });
		client.publish("t", "kept", { retain: true });
		client.disconnect();
		hub.connect({ version, clientId: "a", clean: true }).lose();
		const late = hub.connect({ version, clientId: "late" });
		late.subscribe("t");
		expect(late.payloads()).toEqual(["kept"]);
	});

	test("[MQTT-3.1.3-2] [3.1.1 MQTT-3.1.3-2] is that of its client id, and of no other", () => {
		const hub = new BrokerHarness();
		for (const clientId of ["a", "A", "a ", "a/"]) {
			const client = hub.connect(lasting(version, clientId));
			client.subscribe(`t/${clientId.length}${clientId}`, 1);
			client.lose();
		}
		hub.connect({ clientId: "pub" }).publish("t/1A", "for A", { qos: 1 });
		expect(hub.connect(lasting(version, "a")).payloads()).toEqual([]);
		expect(hub.connect(lasting(version, "A")).payloads()).toEqual(["for A"]);
	});
});
