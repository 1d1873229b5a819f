import { describe, expect, test } from "@jest/globals";
import { encode, encodeUtf8, type ProtocolVersion, REASON } from "../../../src/codec/index.ts";
import { BrokerHarness } from "../../support/broker-harness.ts";
import { times } from "../../support/times.ts";

const VERSIONS: ProtocolVersion[] = [3, 4, 5];
const LETTERS = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";

describe.each(VERSIONS)("CONNACK, at level %p", (version) => {
	test("[MQTT-3.1.3-5] [3.1.1 MQTT-3.1.3-5] accepts client ids of 1 to 23 letters and digits", () => {
		const hub = new BrokerHarness();
		for (const clientId of [...times(23, (i) => LETTERS.slice(i, 2 * i + 1)), LETTERS.slice(-23)]) {
			expect(hub.connect({ version, clientId }).connack?.reasonCode).toBe(0);
		}
	});

	test("[MQTT-3.1.3-8] [3.1.1 MQTT-3.1.3-9] [3.1 section 3.1, Client Identifier] refuses a client id that the host refuses", () => {
		const reasonCode = REASON.CLIENT_IDENTIFIER_NOT_VALID;
		const client = new BrokerHarness({ authenticate: () => ({ allow: false, reasonCode }) }).open(version);
		client.sendConnect({ clientId: "banned" });
		expect(client.takeOne("connack").reasonCode).toBe(version === 5 ? reasonCode : 2);
		expect(client.isClosed).toBe(true);
	});

	test("[MQTT-3.1.4-1] [3.1.1 MQTT-3.1.4-1] [3.1.1 MQTT-3.1.2-3] does not answer a CONNECT with its reserved flag set", () => {
		const client = new BrokerHarness().open(version);
		const protocolId = version === 3 ? "MQIsdp" : "MQTT";
		const options = { clientId: "a", clean: true, keepalive: 0, protocolId, protocolVersion: version } as const;
		const bytes = encode({ cmd: "connect", ...options }, version);
		const flags = 2 + 2 + protocolId.length + 1;
		bytes[flags] = (bytes[flags] ?? 0) | 1;
		client.sendBytes(bytes);
		expect(client.take()).toEqual([]);
		expect(client.isClosed).toBe(true);
	});

	test("[MQTT-3.2.0-2] comes once", () => {
		const hub = new BrokerHarness();
		const client = hub.open(version);
		client.sendConnect();
		hub.core.authenticated(client.connection, { allow: true }, hub.now);
		hub.drain();
		client.subscribe("t");
		client.sendConnect();
		expect(client.take().filter(({ cmd }) => cmd === "connack").length).toBe(1);
	});
});

test("[3.1.1 MQTT-3.2.2-6] in 3.x does not come if no return code fits the reason", () => {
	for (const version of [3, 4] as const) {
		const client = new BrokerHarness({ limits: { topicLevels: 2 } }).open(version);
		client.sendConnect({ will: { topic: "too/deep/here", payload: encodeUtf8("x"), qos: 0, retain: false } });
		expect(client.take()).toEqual([]);
		expect(client.isClosed).toBe(true);
	}
});

test("[MQTT-3.2.2-16] names no client that there is already", () => {
	// Twice the same numbers, then others.
	let calls = 0;
	const next = () => (calls++ < 8 ? ((calls - 1) % 4) / 4 : 0.9);
	const hub = new BrokerHarness({ random: { next } });
	const given = times(2, () => hub.connect({ version: 5, clientId: "" }).connack?.properties?.assignedClientIdentifier);
	expect(given).toEqual([expect.any(String), expect.any(String)]);
	expect(given[0]).not.toBe(given[1]);
	expect(hub.core.stats.clientsConnected).toBe(2);
});

test("[MQTT-4.12.0-6] without a method in CONNECT, there is none in CONNACK, and no AUTH", () => {
	const hub = new BrokerHarness({ authenticationMethods: ["SCRAM-SHA-256"] });
	const client = hub.open(5);
	client.sendConnect({ username: "ada", password: encodeUtf8("secret") });
	const packets = client.take();
	expect(packets.map(({ cmd }) => cmd)).toEqual(["connack"]);
	expect(packets[0]).not.toHaveProperty("properties.authenticationMethod");
});

test("[3.1 section 3.1, User name and password flags] a user name may be missing, but not its flag", () => {
	const head = [0, 6, ...encodeUtf8("MQIsdp"), 3];
	const connect = (flags: number) => {
		const body = [...head, flags, 0, 0, 0, 1, 0x61];
		return new Uint8Array([0x10, body.length, ...body]);
	};
	const hub = new BrokerHarness();
	for (const [flags, accepted] of [
		[0xc2, true],
		[0x82, true],
		[0x42, false],
	] as const) {
		const client = hub.open(3);
		client.sendBytes(connect(flags));
		expect(client.take().length).toBe(accepted ? 1 : 0);
		expect(client.isClosed).toBe(!accepted);
	}
	expect(hub.eventsOf("connected")).toMatchObject([{ username: undefined }, { username: undefined }]);
});
