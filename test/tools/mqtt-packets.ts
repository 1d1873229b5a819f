import fc from "fast-check";
import type { Packet } from "mqtt-packet";

/** Packets of every type as mqtt-packet takes them, most of them valid, and the version to write them in. */

const anyCodeUnit = fc.nat(0xffff).map((code) => String.fromCharCode(code));
const text = fc.oneof(fc.string({ unit: "binary", maxLength: 12 }), fc.string({ unit: anyCodeUnit, maxLength: 6 }));
const name = fc.string({ minLength: 1, maxLength: 12 });
const bytes = fc.uint8Array({ maxLength: 24 }).map((value) => Buffer.from(value));
const id = fc.integer({ min: 1, max: 65_535 });
const qos = fc.constantFrom(0 as const, 1 as const, 2 as const);
const uint32 = fc.integer({ min: 0, max: 0xffff_ffff });
const flag = fc.boolean();
const codes = fc.constantFrom(0, 0x10, 0x80, 0x83, 0x87, 0x8b, 0x91, 0x97);
const userProperties = fc.dictionary(name, fc.oneof(text, fc.array(text, { minLength: 2, maxLength: 3 })), {
	maxKeys: 3,
});

function some<T>(properties: { [K in keyof T]: fc.Arbitrary<T[K]> }): fc.Arbitrary<Partial<T> | undefined> {
	return fc.option(fc.record(properties, { requiredKeys: [] }) as unknown as fc.Arbitrary<Partial<T>>, {
		nil: undefined,
	});
}

const acknowledged = some({ reasonString: text, userProperties });
const will = fc.record({
	topic: name,
	payload: bytes,
	qos,
	retain: flag,
	properties: some({ willDelayInterval: uint32, contentType: text, correlationData: bytes, userProperties }),
});
const connect = fc.record({
	cmd: fc.constant("connect"),
	protocolId: fc.constantFrom("MQTT", "MQIsdp"),
	clean: flag,
	clientId: text,
	keepalive: fc.nat(65_535),
	username: fc.option(text, { nil: undefined }),
	password: fc.option(bytes, { nil: undefined }),
	will: fc.option(will, { nil: undefined }),
	properties: some({
		sessionExpiryInterval: uint32,
		receiveMaximum: id,
		maximumPacketSize: uint32,
		requestProblemInformation: flag,
		authenticationMethod: text,
		authenticationData: bytes,
		userProperties,
	}),
});
const publish = fc.record({
	cmd: fc.constant("publish"),
	topic: text,
	payload: fc.oneof(bytes, text),
	qos,
	retain: flag,
	dup: flag,
	messageId: id,
	properties: some({
		payloadFormatIndicator: flag,
		messageExpiryInterval: uint32,
		topicAlias: id,
		subscriptionIdentifier: fc.oneof(
			fc.nat(0x0fff_ffff),
			fc.array(fc.nat(0x0fff_ffff), { minLength: 2, maxLength: 3 }),
		),
		userProperties,
	}),
});
const subscription = fc.record({ topic: text, qos, nl: flag, rap: flag, rh: fc.nat(2) });
const others = [
	fc.record({
		cmd: fc.constant("connack"),
		sessionPresent: flag,
		returnCode: fc.nat(5),
		reasonCode: codes,
		properties: acknowledged,
	}),
	...["puback", "pubrec", "pubrel", "pubcomp"].map((cmd) =>
		fc.record({ cmd: fc.constant(cmd), messageId: id, reasonCode: codes, properties: acknowledged }),
	),
	fc.record({
		cmd: fc.constant("subscribe"),
		messageId: id,
		subscriptions: fc.array(subscription, { maxLength: 4 }),
		properties: some({ subscriptionIdentifier: fc.nat(0x0fff_ffff), userProperties }),
	}),
	fc.record({
		cmd: fc.constant("suback"),
		messageId: id,
		granted: fc.array(fc.constantFrom(0, 1, 2, 0x80)),
		properties: acknowledged,
	}),
	fc.record({
		cmd: fc.constant("unsubscribe"),
		messageId: id,
		unsubscriptions: fc.array(text),
		properties: some({ userProperties }),
	}),
	fc.record({ cmd: fc.constant("unsuback"), messageId: id, granted: fc.array(codes), properties: acknowledged }),
	fc.record({ cmd: fc.constantFrom("pingreq", "pingresp") }),
	fc.record({ cmd: fc.constant("disconnect"), reasonCode: codes, properties: acknowledged }),
	fc.record({
		cmd: fc.constant("auth"),
		reasonCode: fc.constantFrom(0, 0x18),
		properties: some({ authenticationMethod: text, authenticationData: bytes }),
	}),
];

export const version: fc.Arbitrary<3 | 4 | 5> = fc.constantFrom(3, 4, 5);

export interface Request {
	readonly packet: Packet;
	readonly protocolVersion: 3 | 4 | 5;
}

/** A packet and the version to write it in; a CONNECT says it itself as well. */
export const request: fc.Arbitrary<Request> = fc
	.tuple(fc.oneof(connect, publish, ...others), version)
	.map(([value, protocolVersion]) => ({
		protocolVersion,
		packet: withoutUndefined({ ...value, ...(value.cmd === "connect" ? { protocolVersion } : {}) }) as Packet,
	}));

/** mqtt-packet takes a property that is there and undefined for a wrong one. */
function withoutUndefined(value: object): object {
	const entries = Object.entries(value).filter(([, each]) => each !== undefined);
	return Object.fromEntries(entries.map(([key, each]) => [key, isPlain(each) ? withoutUndefined(each) : each]));
}

function isPlain(value: unknown): value is object {
	return typeof value === "object" && value !== null && !Array.isArray(value) && !Buffer.isBuffer(value);
}
