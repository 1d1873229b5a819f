import { describe, expect, test } from "@jest/globals";
import { type ProtocolVersion, REASON } from "../../../src/codec/index.ts";
import { BrokerHarness } from "../../support/broker-harness.ts";
import type { BrokerPeer } from "../../support/broker-peer.ts";

const VERSIONS: ProtocolVersion[] = [3, 4, 5];

/** Every byte that the broker sends from now on. */
function recorded(peer: BrokerPeer): number[] {
	const bytes: number[] = [];
	const receive = peer.receive.bind(peer);
	peer.receive = (chunks) => {
		for (const chunk of chunks) bytes.push(...chunk);
		receive(chunks);
	};
	return bytes;
}

describe.each(VERSIONS)("bytes, at level %p", (version) => {
	test("[MQTT-3.2.2-1] [3.1 section 2.6] [3.1 section 3.2] CONNACK has no flag but Session Present", () => {
		const hub = new BrokerHarness();
		const session = version === 5 ? { properties: { sessionExpiryInterval: 60 } } : {};
		for (const sessionPresent of [0, version === 3 ? 0 : 1]) {
			const client = hub.open(version);
			const bytes = recorded(client);
			client.sendConnect({ clientId: "a", clean: false, ...session });
			expect(bytes.slice(0, 1).concat(bytes.slice(2, 4))).toEqual([0x20, sessionPresent, 0]);
		}
	});

	test("[MQTT-2.2.1-2] [MQTT-2.2.2-1] [3.1.1 MQTT-2.3.1-5] PUBLISH of QoS 0 has no packet id", () => {
		const hub = new BrokerHarness();
		const client = hub.connect({ version });
		client.subscribe("t");
		const bytes = recorded(client);
		hub.connect({ clientId: "pub" }).publish("t", "x", { qos: 2 });
		const properties = version === 5 ? [0] : [];
		expect(bytes).toEqual([0x30, 4 + properties.length, 0, 1, 0x74, ...properties, 0x78]);
	});

	test("[MQTT-1.5.4-3] [3.1.1 MQTT-1.5.3-3] U+FEFF is a character like others", () => {
		const hub = new BrokerHarness();
		const client = hub.connect({ version, clientId: "\ufeffa" });
		client.subscribe("\ufefft/+");
		client.publish("\ufefft/\ufeff", "with");
		client.publish("t/\ufeff", "without");
		expect(client.messages()).toMatchObject([{ topic: "\ufefft/\ufeff", payload: "with" }]);
		expect(hub.eventsOf("connected")).toMatchObject([{ clientId: "\ufeffa" }]);
	});

	test("[3.1.1 MQTT-3.3.1-2] DUP at QoS 0 is an error from 3.1.1 on; 3.1 has no such rule", () => {
		const client = new BrokerHarness().connect({ version });
		client.sendBytes(new Uint8Array([0x38, ...(version === 5 ? [4, 0, 1, 0x74, 0] : [3, 0, 1, 0x74])]));
		expect(client.isClosed).toBe(version > 3);
	});
});

test.each([
	["PUBLISH", 0x38 | 0x02, [0, 1, 0x74, 0, 1], "puback"],
	["PUBREL", 0x6a, [0, 1], "pubcomp"],
	["SUBSCRIBE", 0x8a, [0, 1, 0, 1, 0x74, 0], "suback"],
	["UNSUBSCRIBE", 0xaa, [0, 1, 0, 1, 0x74], "unsuback"],
] as const)("[3.1 section 2.1, DUP flag] %s may be a repetition", (_, first, body, answer) => {
	const hub = new BrokerHarness();
	const client = hub.connect({ version: 3 });
	client.sendBytes(new Uint8Array([first, body.length, ...body]));
	expect(client.takeOne(answer).messageId).toBe(1);
	const newer = hub.connect({ version: 4, clientId: "newer" });
	newer.sendBytes(new Uint8Array([first, body.length, ...body]));
	expect(newer.isClosed).toBe(first !== 0x3a);
});

test.each([
	["PUBREL", "[MQTT-3.6.1-1]", [0x60, 2, 0, 1]],
	["SUBSCRIBE", "[MQTT-3.8.1-1]", [0x80, 7, 0, 1, 0, 0, 1, 0x74, 0]],
	["UNSUBSCRIBE", "[MQTT-3.10.1-1]", [0xa3, 6, 0, 1, 0, 0, 1, 0x74]],
	["DISCONNECT", "[MQTT-3.14.1-1]", [0xe1, 0]],
	["AUTH", "[MQTT-3.15.1-1]", [0xf8, 0]],
])("%s with flags that are not its own is malformed %s", (_, __, bytes) => {
	const client = new BrokerHarness().connect({ version: 5 });
	client.sendBytes(new Uint8Array(bytes));
	expect(client.takeOne("disconnect").reasonCode).toBe(REASON.MALFORMED_PACKET);
	expect(client.isClosed).toBe(true);
});
