import fc from "fast-check";
import {
	type AckPacket,
	type AuthPacket,
	CLIENT,
	type ConnackPacket,
	type ConnectPacket,
	type DisconnectPacket,
	type Packet,
	type ProtocolVersion,
	type PublishPacket,
	type QoS,
	type Role,
	SERVER,
	type SubackPacket,
	type SubscribePacket,
	type UnsubackPacket,
	type UnsubscribePacket,
} from "../../src/codec/index.ts";

/*
 * Packets of every type, as far as both our codec and mqtt-packet can express them. What mqtt-packet cannot, or gets
 * wrong, is left out here and covered by the vectors: user properties that repeat after an empty value, a password
 * without user name and Clean Start off without client identifier (5), an AUTH without properties, DISCONNECT 0x8C.
 */

const POINTS = ["a", "b", "Z", "0", "/", "-", " ", "$", "é", "ж", "€", "水", "😀", "\u{10ffff}"];
const text = fc.string({ unit: fc.constantFrom(...POINTS), maxLength: 12 });
const name = fc.string({ unit: fc.constantFrom(...POINTS), minLength: 1, maxLength: 12 });
const filter = fc.string({ unit: fc.constantFrom(...POINTS, "+", "#"), minLength: 1, maxLength: 12 });
const bytes = fc.uint8Array({ maxLength: 12 });
const uint16 = fc.integer({ min: 0, max: 0xffff });
const positive16 = fc.integer({ min: 1, max: 0xffff });
const uint32 = fc.integer({ min: 0, max: 0xffff_ffff });
const identifier = fc.oneof(fc.integer({ min: 1, max: 300 }), fc.integer({ min: 1, max: 268_435_455 }));
const qos: fc.Arbitrary<QoS> = fc.constantFrom(0, 1, 2);
const flag = fc.boolean();

const pair = fc.tuple(
	fc.oneof(text, fc.constantFrom("__proto__", "constructor", "7")),
	fc.oneof(name, fc.array(name, { minLength: 2, maxLength: 3 })),
);

/** Without a prototype: where Object.prototype is frozen, as on a device, no other object can have any key. */
const userProperties = fc.array(pair, { minLength: 1, maxLength: 3 }).map((pairs) => {
	const record = Object.create(null) as Record<string, string | string[]>;
	for (const [key, value] of pairs) record[key] = value;
	return record;
});

/** Any of these properties, or none at all. */
function some<T extends object>(properties: { [K in keyof T]: fc.Arbitrary<T[K]> }): fc.Arbitrary<{ properties?: T }> {
	const record = fc.record(properties, { requiredKeys: [] }) as fc.Arbitrary<T>;
	return fc.option(record, { nil: undefined }).map((given) => {
		return given === undefined || Object.keys(given).length === 0 ? {} : { properties: given };
	});
}

const willProperties = some({
	willDelayInterval: uint32,
	payloadFormatIndicator: flag,
	messageExpiryInterval: uint32,
	contentType: text,
	responseTopic: name,
	correlationData: bytes,
	userProperties,
});

const will = fc
	.tuple(fc.record({ topic: name, payload: bytes, qos, retain: flag }), willProperties)
	.map(([fields, properties]) => ({ ...fields, ...properties }));

const connectProperties = some({
	sessionExpiryInterval: uint32,
	receiveMaximum: positive16,
	maximumPacketSize: fc.integer({ min: 1, max: 0xffff_ffff }),
	topicAliasMaximum: uint16,
	requestResponseInformation: flag,
	requestProblemInformation: flag,
	userProperties,
	authenticationMethod: text,
});

const connect = fc
	.record(
		{ clean: flag, clientId: name, keepalive: uint16, username: text, password: bytes, will },
		{ requiredKeys: ["clean", "clientId", "keepalive"] },
	)
	.map(({ password, ...fields }) => {
		return password === undefined || fields.username === undefined ? fields : { ...fields, password };
	});

function connectOf(level: ProtocolVersion): fc.Arbitrary<ConnectPacket> {
	return fc.tuple(connect, connectProperties).map(([fields, properties]) => ({
		cmd: "connect",
		protocolId: level === 3 ? "MQIsdp" : "MQTT",
		protocolVersion: level,
		...fields,
		...properties,
	}));
}

const connackProperties = some({
	sessionExpiryInterval: uint32,
	receiveMaximum: positive16,
	maximumQoS: fc.constantFrom(0, 1),
	retainAvailable: flag,
	maximumPacketSize: fc.integer({ min: 1, max: 0xffff_ffff }),
	assignedClientIdentifier: text,
	topicAliasMaximum: uint16,
	reasonString: text,
	wildcardSubscriptionAvailable: flag,
	subscriptionIdentifiersAvailable: flag,
	sharedSubscriptionAvailable: flag,
	serverKeepAlive: uint16,
	responseInformation: text,
	serverReference: text,
	authenticationMethod: text,
	authenticationData: bytes,
	userProperties,
});

function connackOf(level: ProtocolVersion): fc.Arbitrary<ConnackPacket> {
	const codes = level === 5 ? [0x00, 0x80, 0x84, 0x87, 0x8c, 0x9f] : [0, 1, 2, 3, 4, 5];
	return fc.tuple(flag, fc.constantFrom(...codes), connackProperties).map(([session, reasonCode, properties]) => ({
		cmd: "connack",
		sessionPresent: session && reasonCode === 0,
		reasonCode,
		...properties,
	}));
}

const publishProperties = some({
	payloadFormatIndicator: flag,
	messageExpiryInterval: uint32,
	topicAlias: positive16,
	responseTopic: name,
	correlationData: bytes,
	contentType: text,
	userProperties,
});

/** Mostly short payloads; some that need a longer remaining length. */
const payload = fc.oneof(
	{ arbitrary: bytes, weight: 9 },
	{ arbitrary: fc.integer({ min: 100, max: 17_000 }).map((length) => new Uint8Array(length).fill(0x70)), weight: 1 },
);

export const publish: fc.Arbitrary<PublishPacket> = fc
	.record({ topic: name, qos, retain: flag, dup: flag, messageId: positive16, properties: publishProperties, payload })
	.map(({ dup, messageId, properties, ...fields }) => ({
		cmd: "publish",
		...fields,
		dup: dup && fields.qos > 0,
		messageId: fields.qos > 0 ? messageId : undefined,
		properties: properties.properties,
	}));

const answerProperties = some({ reasonString: text, userProperties });

const ack: fc.Arbitrary<AckPacket> = fc.oneof(
	answer(fc.constantFrom("puback", "pubrec"), [0x00, 0x10, 0x80, 0x99]),
	answer(fc.constantFrom("pubrel", "pubcomp"), [0x00, 0x92]),
);

function answer(cmd: fc.Arbitrary<AckPacket["cmd"]>, codes: readonly number[]): fc.Arbitrary<AckPacket> {
	return fc
		.tuple(fc.record({ cmd, messageId: positive16, reasonCode: fc.constantFrom(...codes) }), answerProperties)
		.map(([fields, properties]) => ({ ...fields, ...properties }));
}

const subscription = fc.record({ topic: filter, qos, nl: flag, rap: flag, rh: fc.constantFrom<0 | 1 | 2>(0, 1, 2) });
const subscribeProperties = some({ subscriptionIdentifier: identifier, userProperties });

const subscribe: fc.Arbitrary<SubscribePacket> = fc
	.tuple(positive16, fc.array(subscription, { minLength: 1, maxLength: 3 }), subscribeProperties)
	.map(([messageId, subscriptions, properties]) => ({ cmd: "subscribe", messageId, subscriptions, ...properties }));

const unsubscribe: fc.Arbitrary<UnsubscribePacket> = fc
	.tuple(positive16, fc.array(filter, { minLength: 1, maxLength: 3 }), some({ userProperties }))
	.map(([messageId, unsubscriptions, properties]) => ({
		cmd: "unsubscribe",
		messageId,
		unsubscriptions,
		...properties,
	}));

function grants(codes: readonly number[]): fc.Arbitrary<number[]> {
	return fc.array(fc.constantFrom(...codes), { minLength: 1, maxLength: 4 });
}

function subackOf(level: ProtocolVersion): fc.Arbitrary<SubackPacket> {
	const granted = grants(level === 5 ? [0, 1, 2, 0x80, 0x8f, 0xa2] : [0, 1, 2, 0x80]);
	return fc
		.tuple(positive16, granted, answerProperties)
		.map(([messageId, codes, properties]) => ({ cmd: "suback", messageId, granted: codes, ...properties }));
}

const unsuback: fc.Arbitrary<UnsubackPacket> = fc
	.tuple(positive16, grants([0, 0x11, 0x80, 0x91]), answerProperties)
	.map(([messageId, granted, properties]) => ({ cmd: "unsuback", messageId, granted, ...properties }));

const disconnect: fc.Arbitrary<DisconnectPacket> = fc
	.tuple(
		fc.constantFrom(0x00, 0x04, 0x81, 0x95, 0xa2),
		some({ reasonString: text, serverReference: text, userProperties }),
	)
	.map(([reasonCode, properties]) => ({ cmd: "disconnect", reasonCode, ...properties }));

const auth: fc.Arbitrary<AuthPacket> = fc
	.record(
		{ authenticationMethod: text, authenticationData: bytes, reasonString: text, userProperties },
		{ requiredKeys: ["authenticationMethod"] },
	)
	.map((properties) => ({ cmd: "auth", reasonCode: 0x18, properties }));

/** A packet, its version, and the side that receives it. */
export interface Case {
	readonly version: ProtocolVersion;
	readonly role: Role;
	readonly packet: Packet;
}

function cases(role: Case["role"], level: ProtocolVersion): fc.Arbitrary<Packet> {
	const both: fc.Arbitrary<Packet>[] = [publish, publish, ack, ...(level === 5 ? [auth, disconnect] : [])];
	if (role === CLIENT) return fc.oneof(...both, connackOf(level), subackOf(level), unsuback, fc.constant(PINGRESP));
	return fc.oneof(...both, connectOf(level), subscribe, unsubscribe, disconnect, fc.constant(PINGREQ));
}

const PINGREQ: Packet = { cmd: "pingreq" };
const PINGRESP: Packet = { cmd: "pingresp" };

export const anyCase: fc.Arbitrary<Case> = fc.oneof(
	...([3, 4, 5] as const).flatMap((level) =>
		[CLIENT, SERVER].map((role) => cases(role, level).map((packet): Case => ({ version: level, role, packet }))),
	),
);

/** The packet as it looks after a journey in this version, which has no field for some of it. */
export function received({ version: level, packet }: Case): Packet {
	if (level === 5) return packet;
	const { properties: _, ...fields } = packet as Packet & { properties?: unknown };
	switch (packet.cmd) {
		case "publish":
			return { ...packet, properties: undefined };
		case "puback":
		case "pubrec":
		case "pubrel":
		case "pubcomp":
		case "disconnect":
			return { ...fields, reasonCode: 0 } as Packet;
		case "connect":
			return packet.will === undefined
				? (fields as Packet)
				: ({ ...fields, will: withoutProperties(packet.will) } as unknown as Packet);
		case "subscribe":
			return {
				...fields,
				subscriptions: packet.subscriptions.map(({ topic, qos: maximum }) => ({ topic, qos: maximum })),
			} as Packet;
		case "unsuback":
			return { ...fields, granted: [] } as unknown as Packet;
		default:
			return fields as Packet;
	}
}

function withoutProperties({ properties: _, ...fields }: { readonly properties?: unknown }): object {
	return fields;
}
