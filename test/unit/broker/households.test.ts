import { describe, expect, test } from "@jest/globals";
import { encodeUtf8 } from "../../../src/codec/index.ts";
import { BrokerHarness } from "../../support/broker-harness.ts";
import type { ConnectOptions } from "../../support/broker-peer.ts";
import { times } from "../../support/times.ts";

describe("OwnTracks for Android as it comes", () => {
	const base = "owntracks/ada/pixel";
	/** Level 3, a client id of more than 23 characters, a keep alive of an hour, a will on its own base topic. */
	const phone: ConnectOptions = {
		version: 3,
		clientId: "ada-pixel-8-pro-0123456789abcdef",
		clean: false,
		keepalive: 3_600,
		username: "ada",
		password: encodeUtf8("secret"),
		will: { topic: base, payload: encodeUtf8('{"_type":"lwt"}'), qos: 0, retain: false },
	};
	const location = (tst: number) => `{"_type":"location","tst":${tst}}`;

	test("publishes where it is, gets its commands, and is missed after an hour and a half", () => {
		const hub = new BrokerHarness();
		const home = hub.connect({ version: 5, clientId: "homeassistant" });
		home.subscribe("owntracks/#", 1);
		const owntracks = hub.connect(phone);
		expect(owntracks.subscribe([`${base}/cmd`, "owntracks/+/+"].map((topic) => ({ topic, qos: 2 })))).toEqual([2, 2]);

		owntracks.publish(base, location(1), { qos: 1, retain: true });
		expect(owntracks.takeOne("puback")).toBeDefined();
		expect(owntracks.messages()).toMatchObject([{ topic: base, payload: location(1), qos: 1, retain: false }]);
		home.publish(`${base}/cmd`, '{"_type":"cmd"}', { qos: 2 });
		expect(owntracks.messages()).toMatchObject([{ topic: `${base}/cmd`, qos: 2 }]);
		hub.advance(5_399_000);
		expect(owntracks.isClosed).toBe(false);
		hub.advance(1_000);
		expect(owntracks.isClosed).toBe(true);
		expect(home.payloads()).toEqual([location(1), '{"_type":"cmd"}', '{"_type":"lwt"}']);
	});

	test("finds its session and every command again after it was out of reach", () => {
		const hub = new BrokerHarness();
		hub.connect(phone).subscribe(`${base}/cmd`, 2);
		hub.advance(6_000_000);
		const home = hub.connect({ version: 5, clientId: "homeassistant" });
		for (const payload of ["1", "2", "3"]) home.publishExactlyOnce(`${base}/cmd`, payload);
		const again = hub.connect(phone);
		again.acknowledges = true;
		expect(again.messages()).toMatchObject(["1", "2", "3"].map((payload) => ({ payload, qos: 2, dup: false })));
	});

	test("its last place is what a new client is told, not its will", () => {
		const hub = new BrokerHarness();
		const owntracks = hub.connect(phone);
		owntracks.publish(base, location(1), { qos: 1, retain: true });
		owntracks.publish(base, location(2), { qos: 1, retain: true });
		owntracks.lose();
		const late = hub.connect({ version: 4, clientId: "late" });
		late.subscribe("owntracks/#", 1);
		expect(late.messages()).toMatchObject([{ payload: location(2), retain: true, qos: 1 }]);
	});
});

describe("the start of Home Assistant", () => {
	const DEVICES = 600;
	const topics = times(DEVICES, (i) => `homeassistant/sensor/device${i}/config`);

	test.each([
		["also with a small window", { receiveMaximum: 20 }],
		["with its own window", {}],
	])("%s, brings it the discovery of every device, once and in full", (_, properties) => {
		const hub = new BrokerHarness();
		const devices = hub.connect({ clientId: "devices" });
		const config = (topic: string) => `{"topic":"${topic}"}`.padEnd(900);
		for (const topic of topics) devices.publish(topic, config(topic), { qos: 1, retain: true });
		hub.crash();

		const home = hub.connect({ version: 5, clientId: "homeassistant", properties });
		home.acknowledges = true;
		home.subscribe("homeassistant/#", 1);
		const got = home.messages();
		expect(got.map(({ topic }) => topic).sort()).toEqual([...topics].sort());
		expect(got.every(({ topic, payload, retain }) => retain && payload === config(topic))).toBe(true);
		expect(hub.core.stats.inflightMessages).toBe(0);

		// Its birth message has the devices say what they are once more.
		const again = hub.connect({ clientId: "devices" });
		again.subscribe("homeassistant/status");
		home.publish("homeassistant/status", "online", { retain: true });
		expect(again.payloads()).toEqual(["online"]);
	});
});
