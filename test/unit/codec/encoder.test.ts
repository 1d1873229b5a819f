import { describe, expect, test } from "@jest/globals";
import {
	type AckCommand,
	type ConnectPacket,
	Decoder,
	encode,
	encodeAck,
	encodePingreq,
	encodePingresp,
	encodePublish,
	type Packet,
	type ProtocolVersion,
	type PublishHeader,
	SERVER,
	setDup,
	setMessageId,
	UsageError,
} from "../../../src/codec/index.ts";
import { toHex } from "../../vectors/codec/index.ts";

const CONNECT: ConnectPacket = {
	cmd: "connect",
	protocolId: "MQTT",
	protocolVersion: 4,
	clean: true,
	clientId: "c",
	keepalive: 0,
};
const CONNECT_5: ConnectPacket = { ...CONNECT, protocolVersion: 5 };
const WILL = { topic: "w", payload: new Uint8Array(0), qos: 0, retain: false } as const;
const PUBLISH: PublishHeader = {
	topic: "t",
	qos: 0,
	retain: false,
	dup: false,
	messageId: undefined,
	properties: undefined,
};
const LONG = "x".repeat(65_536);
const NOTHING = new Uint8Array(0);

/** What the compiler refuses, a caller in JavaScript can hand over. */
function packet(value: unknown): Packet {
	return value as Packet;
}

describe("what cannot be encoded", () => {
	test.each<[string, Packet, ProtocolVersion]>([
		["a protocol name of another version", { ...CONNECT, protocolId: "MQIsdp" }, 4],
		["a protocol level of another version", CONNECT, 5],
		["3.1 by the name of 3.1.1", { ...CONNECT, protocolVersion: 3 }, 3],
		["no client identifier in 3.1", { ...CONNECT, protocolId: "MQIsdp", protocolVersion: 3, clientId: "" }, 3],
		["no client identifier with a session, in 3.1.1", { ...CONNECT, clientId: "", clean: false }, 4],
		["a long client identifier", { ...CONNECT, clientId: LONG }, 4],
		["a client identifier with U+0000", { ...CONNECT, clientId: "a\0" }, 4],
		["a client identifier with a lone surrogate", { ...CONNECT, clientId: "\ud800" }, 4],
		["a negative keep alive", { ...CONNECT, keepalive: -1 }, 4],
		["a keep alive of more than two bytes", { ...CONNECT, keepalive: 65_536 }, 4],
		["a keep alive in fractions", { ...CONNECT, keepalive: 1.5 }, 4],
		["a password without a user name, in 3.1.1", { ...CONNECT, password: NOTHING }, 4],
		["a password that is text", packet({ ...CONNECT, username: "u", password: "secret" }), 4],
		["a long password", { ...CONNECT, username: "u", password: new Uint8Array(65_536) }, 4],
		["a user name with U+0000", { ...CONNECT, username: "\0" }, 4],
		["a will topic with a wildcard", { ...CONNECT, will: { ...WILL, topic: "a/#" } }, 4],
		["an empty will topic", { ...CONNECT, will: { ...WILL, topic: "" } }, 4],
		["a will of QoS 3", packet({ ...CONNECT, will: { ...WILL, qos: 3 } }), 4],
		["a long will payload", { ...CONNECT, will: { ...WILL, payload: new Uint8Array(65_536) } }, 4],
		["authenticationData alone", { ...CONNECT_5, properties: { authenticationData: NOTHING } }, 5],
		["receiveMaximum 0", { ...CONNECT_5, properties: { receiveMaximum: 0 } }, 5],
		["a property out of range", { ...CONNECT_5, properties: { sessionExpiryInterval: 4_294_967_296 } }, 5],
		["a property in fractions", { ...CONNECT_5, properties: { topicAliasMaximum: 0.5 } }, 5],
		["a property of another type", packet({ ...CONNECT_5, properties: { requestProblemInformation: 1 } }), 5],
		["a property of another packet", packet({ ...CONNECT_5, properties: { topicAlias: 1 } }), 5],
		["an unknown property", packet({ ...CONNECT_5, properties: { colour: "red" } }), 5],
		["a will property out of range", { ...CONNECT_5, will: { ...WILL, properties: { willDelayInterval: -1 } } }, 5],
		[
			"a property of CONNECT in a will",
			packet({ ...CONNECT_5, will: { ...WILL, properties: { receiveMaximum: 1 } } }),
			5,
		],
		["a user property with U+0000", { ...CONNECT_5, properties: { userProperties: { a: "\0" } } }, 5],
		["a long user property", { ...CONNECT_5, properties: { userProperties: { a: ["x", LONG] } } }, 5],
		["a user property that is a number", packet({ ...CONNECT_5, properties: { userProperties: { a: [1] } } }), 5],
		["return code 6 of 3.1.1", { cmd: "connack", sessionPresent: false, reasonCode: 6 }, 4],
		["a reason code of 5 in a CONNACK of 3.1.1", { cmd: "connack", sessionPresent: false, reasonCode: 0x87 }, 4],
		["a reason code that CONNACK does not have", { cmd: "connack", sessionPresent: false, reasonCode: 0x10 }, 5],
		["a CONNACK that refuses, with a session", { cmd: "connack", sessionPresent: true, reasonCode: 5 }, 4],
		["SUBSCRIBE without filters", { cmd: "subscribe", messageId: 1, subscriptions: [] }, 4],
		[
			"SUBSCRIBE with packet identifier 0",
			{ cmd: "subscribe", messageId: 0, subscriptions: [{ topic: "a", qos: 0 }] },
			4,
		],
		["SUBSCRIBE to nothing", { cmd: "subscribe", messageId: 1, subscriptions: [{ topic: "", qos: 0 }] }, 4],
		["SUBSCRIBE with QoS 3", packet({ cmd: "subscribe", messageId: 1, subscriptions: [{ topic: "a", qos: 3 }] }), 4],
		[
			"SUBSCRIBE with rh 3",
			packet({ cmd: "subscribe", messageId: 1, subscriptions: [{ topic: "a", qos: 0, rh: 3 }] }),
			5,
		],
		[
			"SUBSCRIBE with nl on a shared subscription",
			{ cmd: "subscribe", messageId: 1, subscriptions: [{ topic: "$share/g/a", qos: 0, nl: true }] },
			5,
		],
		[
			"SUBSCRIBE with subscription identifier 0",
			{
				cmd: "subscribe",
				messageId: 1,
				subscriptions: [{ topic: "a", qos: 0 }],
				properties: { subscriptionIdentifier: 0 },
			},
			5,
		],
		["SUBACK without codes", { cmd: "suback", messageId: 1, granted: [] }, 4],
		["SUBACK with a code of version 5 in 3.1.1", { cmd: "suback", messageId: 1, granted: [0x87] }, 4],
		["SUBACK with code 3", { cmd: "suback", messageId: 1, granted: [0, 3] }, 5],
		["UNSUBSCRIBE without filters", { cmd: "unsubscribe", messageId: 1, unsubscriptions: [] }, 4],
		["UNSUBSCRIBE from nothing", { cmd: "unsubscribe", messageId: 1, unsubscriptions: [""] }, 4],
		["UNSUBACK without codes in 5", { cmd: "unsuback", messageId: 1, granted: [] }, 5],
		["UNSUBACK with a code it does not have", { cmd: "unsuback", messageId: 1, granted: [1] }, 5],
		["DISCONNECT with a code it does not have", { cmd: "disconnect", reasonCode: 1 }, 5],
		["AUTH before version 5", { cmd: "auth", reasonCode: 0 }, 4],
		["AUTH without a method", { cmd: "auth", reasonCode: 0x18 }, 5],
		["AUTH with a code it does not have", { cmd: "auth", reasonCode: 1, properties: { authenticationMethod: "M" } }, 5],
	])("%s", (_, refused, version) => {
		expect(() => encode(refused, version)).toThrow(UsageError);
	});

	test.each<[string, unknown]>([
		["an empty topic", { topic: "" }],
		["a wildcard", { topic: "a/+" }],
		["the other wildcard", { topic: "#" }],
		["U+0000", { topic: "a\0b" }],
		["a lone surrogate", { topic: "a\udc00" }],
		["a topic of 65,536 characters", { topic: LONG }],
		["a topic of 65,536 bytes", { topic: `${"é".repeat(32_768)}` }],
		["QoS 3", { qos: 3, messageId: 1 }],
		["no packet identifier at QoS 1", { qos: 1 }],
		["packet identifier 0", { qos: 1, messageId: 0 }],
		["packet identifier 65,536", { qos: 2, messageId: 65_536 }],
		["a packet identifier in fractions", { qos: 2, messageId: 1.5 }],
	])("a PUBLISH with %s", (_, fields) => {
		for (const version of [3, 4, 5] as const) {
			expect(() => encodePublish({ ...PUBLISH, ...(fields as object) }, NOTHING, version)).toThrow(UsageError);
		}
	});

	test.each<[string, unknown]>([
		["an unknown property", { colour: 1 }],
		["a property of CONNECT", { receiveMaximum: 1 }],
		["topicAlias 0", { topicAlias: 0 }],
		["a subscription identifier that is no array", { subscriptionIdentifier: 1 }],
		["subscription identifier 0", { subscriptionIdentifier: [1, 0] }],
		["a subscription identifier of five bytes", { subscriptionIdentifier: [268_435_456] }],
		["a response topic with a wildcard", { responseTopic: "r/#" }],
		["an empty response topic", { responseTopic: "" }],
		["correlation data that is text", { correlationData: "text" }],
		["a content type that is long", { contentType: LONG }],
		["an expiry that is negative", { messageExpiryInterval: -1 }],
	])("a PUBLISH with %s", (_, properties) => {
		const header = { ...PUBLISH, properties: properties as object };
		expect(() => encodePublish(header, NOTHING, 5)).toThrow(UsageError);
	});

	test("a PUBLISH that is too long", () => {
		expect(() => encodePublish(PUBLISH, new Uint8Array(268_435_455), 4)).toThrow(UsageError);
	});

	test.each([0, -1, 65_536, 1.5, Number.NaN])("an acknowledgement of packet %p", (messageId) => {
		for (const version of [4, 5] as const) expect(() => encodeAck("puback", messageId, 0, version)).toThrow(UsageError);
	});

	test.each<[AckCommand, number]>([
		["puback", 0x92],
		["pubrec", 0x01],
		["pubrel", 0x10],
		["pubcomp", 0x80],
	])("a %s with reason code %d", (cmd, reasonCode) => {
		expect(() => encodeAck(cmd, 1, reasonCode, 5)).toThrow(UsageError);
	});

	test("says what is wrong, and what is allowed", () => {
		expect(() => encode({ ...CONNECT, keepalive: 70_000 }, 4)).toThrow(/keepalive.*70000.*65,535/);
		expect(() => encodePublish({ ...PUBLISH, topic: "a/+" }, NOTHING, 4)).toThrow(/topic.*wildcard/);
	});
});

describe("what older versions have no field for is left out", () => {
	test("properties and reason codes", () => {
		const properties = { reasonString: "why", userProperties: { a: "b" } };
		for (const version of [3, 4] as const) {
			expect(toHex(encodeAck("pubrec", 1, 0x10, version, properties))).toBe("50020001");
			expect(toHex(encode({ cmd: "disconnect", reasonCode: 0x8b, properties }, version))).toBe("e000");
			expect(toHex(encode({ cmd: "unsuback", messageId: 1, granted: [0x11], properties }, version))).toBe("b0020001");
			expect(toHex(encode({ cmd: "suback", messageId: 1, granted: [0x80], properties }, version))).toBe("9003000180");
			const header = { ...PUBLISH, properties: { contentType: "x", topicAlias: 0 } };
			expect(toHex(encodePublish(header, NOTHING, version))).toBe("3003000174");
		}
	});

	test("subscription options", () => {
		const subscriptions = [{ topic: "a", qos: 1, nl: true, rap: true, rh: 2 }] as const;
		expect(toHex(encode({ cmd: "subscribe", messageId: 1, subscriptions }, 4))).toBe("8206000100016101");
	});

	test("DUP and packet identifier, at QoS 0", () => {
		expect(toHex(encodePublish({ ...PUBLISH, dup: true, messageId: 5 }, NOTHING, 4))).toBe("3003000174");
	});
});

describe("what is not there is not written", () => {
	test.each<[string, Packet]>([
		["no user properties", { ...CONNECT_5, properties: { userProperties: {} } }],
		["a user property without values", { ...CONNECT_5, properties: { userProperties: { a: [] } } }],
		["undefined", packet({ ...CONNECT_5, properties: { receiveMaximum: undefined } })],
		["an empty object", { ...CONNECT_5, properties: {} }],
	])("%s", (_, given) => {
		expect(toHex(encode(given, 5))).toBe(toHex(encode(CONNECT_5, 5)));
	});

	test("an ack's empty properties", () => {
		expect(toHex(encodeAck("puback", 1, 0, 5, {}))).toBe("40020001");
		expect(toHex(encodeAck("puback", 1, 0x10, 5, { userProperties: {} }))).toBe("4003000110");
	});

	test("subscription options", () => {
		const bytes = encode({ cmd: "subscribe", messageId: 1, subscriptions: [{ topic: "a", qos: 1 }] }, 5);
		expect(toHex(bytes)).toBe("820700010000016101");
	});
});

describe("what comes out is plain and one's own", () => {
	const packets: readonly Packet[] = [
		{ ...CONNECT_5, username: "u", password: new Uint8Array([1]), will: { ...WILL, payload: new Uint8Array([2]) } },
		{ cmd: "connack", sessionPresent: false, reasonCode: 0, properties: { authenticationMethod: "m" } },
		{ cmd: "subscribe", messageId: 1, subscriptions: [{ topic: "a", qos: 0 }] },
		{
			cmd: "auth",
			reasonCode: 0x18,
			properties: { authenticationMethod: "m", authenticationData: new Uint8Array([3]) },
		},
	];

	test.each(packets)("$cmd as a Uint8Array", (given) => {
		const bytes = encode(given, 5);
		expect(bytes.constructor).toBe(Uint8Array);
		expect(bytes.buffer.byteLength).toBe(bytes.length);
	});

	test("binary fields of packets that were decoded", () => {
		const decoder = new Decoder({ role: SERVER, maxPacket: 1_000 });
		const bytes = encode(packets[0] as Packet, 5);
		decoder.push(bytes);
		const connect = decoder.next();
		if (connect?.cmd !== "connect") throw new Error("no connect");
		expect(connect.password?.constructor).toBe(Uint8Array);
		expect(connect.will?.payload.constructor).toBe(Uint8Array);
		bytes.fill(0);
		expect(connect).toMatchObject({
			clientId: "c",
			password: new Uint8Array([1]),
			will: { payload: new Uint8Array([2]) },
		});
	});

	test("pings are the same bytes each time", () => {
		expect(toHex(encodePingreq())).toBe("c000");
		expect(toHex(encodePingresp())).toBe("d000");
		expect(encodePingreq()).toBe(encodePingreq());
	});
});

describe("an encoded PUBLISH", () => {
	test.each([1, 200, 20_000])("takes DUP and another packet identifier in place, payload %d", (length) => {
		const payload = new Uint8Array(length);
		for (const version of [3, 4, 5] as const) {
			for (const topic of ["t", "é".repeat(200)]) {
				const header = { ...PUBLISH, topic, qos: 1, messageId: 1 } as const;
				const frame = encodePublish(header, payload, version);
				setMessageId(frame, 0xbeef);
				setDup(frame);
				expect(toHex(frame)).toBe(toHex(encodePublish({ ...header, messageId: 0xbeef, dup: true }, payload, version)));
			}
		}
	});

	test("of QoS 0 takes neither, and nothing else does", () => {
		for (const bytes of [encodePublish(PUBLISH, NOTHING, 4), encodeAck("pubrel", 1, 0, 4), NOTHING]) {
			expect(() => setDup(bytes)).toThrow(UsageError);
			expect(() => setMessageId(bytes, 1)).toThrow(UsageError);
		}
		const frame = encodePublish({ ...PUBLISH, qos: 2, messageId: 1 }, NOTHING, 4);
		expect(() => setMessageId(frame, 0)).toThrow(UsageError);
	});
});
