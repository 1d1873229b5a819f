import { describe, expect, test } from "@jest/globals";
import { encode, type Packet, REASON } from "../../../src/codec/index.ts";
import { BrokerHarness, type HarnessOptions } from "../../support/broker-harness.ts";
import type { BrokerPeer } from "../../support/broker-peer.ts";
import { times } from "../../support/times.ts";

/** Short enough that no reason fits. */
const SMALL = 36;
const METHOD = "M";

const auth = (reasonCode: number, first: number) =>
	({
		cmd: "auth",
		reasonCode,
		properties: { authenticationMethod: METHOD, authenticationData: new Uint8Array([first]) },
	}) as const;

/** A host that challenges the data 1 and accepts the data 2. */
const challenging: HarnessOptions = {
	limits: { topicLevels: 2 },
	authenticationMethods: [METHOD],
	authenticate: ({ method, data }) =>
		method !== undefined && data?.[0] === 1 ? { challenge: new Uint8Array([9]) } : { allow: true },
};

/** A conversation with a small client in which the broker says everything that it can say, much of it refusals. */
function conversation(maximumPacketSize: number): Packet[] {
	const client = new BrokerHarness(challenging).open(5);
	client.sendConnect({
		properties: { maximumPacketSize, authenticationMethod: METHOD, authenticationData: new Uint8Array([1]) },
	});
	client.send(auth(REASON.CONTINUE_AUTHENTICATION, 2));
	client.publish("t/oo/deep", "x", { qos: 1 });
	client.publish("t/oo/deep", "x", { qos: 2 });
	client.publish("t", "x", { qos: 2, messageId: 9 });
	client.send(
		{ cmd: "pubrel", messageId: 9, reasonCode: 0 },
		{ cmd: "pubrec", messageId: 77, reasonCode: 0 },
		{ cmd: "subscribe", messageId: 10, subscriptions: [{ topic: "t/oo/deep", qos: 0 }] },
		{ cmd: "unsubscribe", messageId: 11, unsubscriptions: ["t/oo/deep"] },
		auth(REASON.RE_AUTHENTICATE, 1),
		auth(REASON.CONTINUE_AUTHENTICATION, 2),
		auth(REASON.CONTINUE_AUTHENTICATION, 2), // out of turn
	);
	return client.take().filter((packet) => packet.cmd !== "publish") as Packet[]; // nothing was subscribed to
}

function reasonOf(packet: Packet): string | undefined {
	return "properties" in packet && packet.properties && "reasonString" in packet.properties
		? packet.properties.reasonString
		: undefined;
}

const SAID = [
	"auth",
	"connack",
	"puback",
	"pubrec",
	"pubrec",
	"pubcomp",
	"pubrel",
	"suback",
	"unsuback",
	"auth",
	"auth",
	"disconnect",
];

describe("reasons", () => {
	test("[MQTT-3.5.2-2] [MQTT-3.6.2-2] [MQTT-3.7.2-2] [MQTT-3.9.2-1] [MQTT-3.11.2-1] [MQTT-3.14.2-3] [MQTT-3.15.2-2] are left out where they would make a packet too large", () => {
		const packets = conversation(SMALL);
		expect(packets.map(({ cmd }) => cmd)).toEqual(SAID);
		for (const packet of packets) {
			expect(encode(packet, 5).length).toBeLessThanOrEqual(SMALL);
			expect(reasonOf(packet)).toBeUndefined();
		}
	});

	test("[MQTT-3.5.2-1] [MQTT-3.7.2-1] are told to a client that has room for them, with the same codes", () => {
		const told = conversation(1_000);
		const codes = (packets: readonly Packet[]) =>
			packets.map((packet) => ("reasonCode" in packet ? packet.reasonCode : undefined));
		expect(codes(told)).toEqual(codes(conversation(SMALL)));
		expect(told.filter((packet) => reasonOf(packet) !== undefined).map(({ cmd }) => cmd)).toEqual([
			"puback",
			"pubrec",
			"disconnect",
		]);
	});
});

test("[MQTT-3.2.2-20] [MQTT-3.4.2-3] [MQTT-3.5.2-3] [MQTT-3.6.2-3] [MQTT-3.7.2-3] [MQTT-3.9.2-2] [MQTT-3.11.2-2] [MQTT-3.14.2-4] [MQTT-3.15.2-3] the broker has no user properties of its own", () => {
	for (const packet of conversation(1_000)) expect(packet).not.toHaveProperty("properties.userProperties");
});

describe("[MQTT-3.1.2-24] an answer that is larger than the client takes", () => {
	function small(maximumPacketSize: number): BrokerPeer {
		const client = new BrokerHarness().open(5);
		client.sendConnect({ properties: { maximumPacketSize } });
		return client;
	}

	test("ends the connection with a reason, if it is a SUBACK or an UNSUBACK", () => {
		const filters = times(50, (i) => `t/${i}`);
		for (const packet of [
			{ cmd: "subscribe", messageId: 1, subscriptions: filters.map((topic) => ({ topic, qos: 0 as const })) },
			{ cmd: "unsubscribe", messageId: 1, unsubscriptions: filters },
		] as const) {
			const client = small(50);
			client.take();
			client.send(packet);
			expect(client.take()).toMatchObject([{ cmd: "disconnect", reasonCode: REASON.PACKET_TOO_LARGE }]);
			expect(client.isClosed).toBe(true);
		}
	});

	test("ends the connection without a word, if it is CONNACK", () => {
		for (const maximumPacketSize of [1, 2, 3, 5, 10]) {
			const client = small(maximumPacketSize);
			expect(client.take()).toEqual([]);
			expect(client.isClosed).toBe(true);
		}
	});

	test("ends the connection, if it is a refusal that has no shorter form", () => {
		const hub = new BrokerHarness({ authenticate: () => ({ allow: false, reasonCode: REASON.BANNED }) });
		for (const maximumPacketSize of [4, 5]) {
			const client = hub.open(5);
			client.sendConnect({ properties: { maximumPacketSize } });
			expect(client.take()).toMatchObject(maximumPacketSize === 5 ? [{ reasonCode: REASON.BANNED }] : []);
			expect(client.isClosed).toBe(true);
		}
	});

	test("ends the connection, if it is AUTH", () => {
		const authenticationMethod = "LONG";
		const authenticate: HarnessOptions["authenticate"] = ({ data }) =>
			data === undefined ? { allow: true } : { challenge: new Uint8Array(100) };
		const hub = new BrokerHarness({ authenticationMethods: [authenticationMethod], authenticate });
		const early = hub.open(5);
		const authenticationData = new Uint8Array(1);
		early.sendConnect({ properties: { maximumPacketSize: 60, authenticationMethod, authenticationData } });
		expect(early.take()).toEqual([]);
		expect(early.isClosed).toBe(true);
		const late = hub.connect({ version: 5, properties: { maximumPacketSize: 60, authenticationMethod } });
		late.send({ cmd: "auth", reasonCode: 0x19, properties: { authenticationMethod, authenticationData } });
		expect(late.take()).toMatchObject([{ cmd: "disconnect", reasonCode: REASON.PACKET_TOO_LARGE }]);
	});
});
