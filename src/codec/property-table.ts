/** Where a property may stand: one bit for each control packet type, and bit 0 for the Will of CONNECT. */
const WILL = 1 << 0;
const CONNECT = 1 << 1;
const CONNACK = 1 << 2;
const PUBLISH = 1 << 3;
const SUBSCRIBE = 1 << 8;
const DISCONNECT = 1 << 14;
const AUTH = 1 << 15;
const REASONED = 0b1100_1010_1111_0100; // CONNACK, PUBACK to PUBCOMP, SUBACK, UNSUBACK, DISCONNECT, AUTH
const ANYWHERE = 0b1100_1111_1111_1111;

/** The packet type under which the properties of a Will are read and written. */
export const WILL_PROPERTIES = 0;

export type PropertyType = "flag" | "byte" | "uint16" | "uint32" | "varint" | "text" | "binary" | "pair";

export interface PropertySpec {
	readonly id: number;
	readonly name: string;
	readonly type: PropertyType;
	/** Bit n: allowed in the control packet of type n; bit 0: in a Will. */
	readonly packets: number;
	/** The least value; 0 where it does not matter. */
	readonly least: number;
}

function property(id: number, name: string, type: PropertyType, packets: number, least = 0): PropertySpec {
	return { id, name, type, packets, least };
}

/** The properties of MQTT 5 (section 2.2.2.2). Names follow mqtt-packet. */
export const PROPERTIES: readonly PropertySpec[] = [
	property(0x01, "payloadFormatIndicator", "flag", PUBLISH | WILL),
	property(0x02, "messageExpiryInterval", "uint32", PUBLISH | WILL),
	property(0x03, "contentType", "text", PUBLISH | WILL),
	property(0x08, "responseTopic", "text", PUBLISH | WILL),
	property(0x09, "correlationData", "binary", PUBLISH | WILL),
	property(0x0b, "subscriptionIdentifier", "varint", PUBLISH | SUBSCRIBE, 1),
	property(0x11, "sessionExpiryInterval", "uint32", CONNECT | CONNACK | DISCONNECT),
	property(0x12, "assignedClientIdentifier", "text", CONNACK),
	property(0x13, "serverKeepAlive", "uint16", CONNACK),
	property(0x15, "authenticationMethod", "text", CONNECT | CONNACK | AUTH),
	property(0x16, "authenticationData", "binary", CONNECT | CONNACK | AUTH),
	property(0x17, "requestProblemInformation", "flag", CONNECT),
	property(0x18, "willDelayInterval", "uint32", WILL),
	property(0x19, "requestResponseInformation", "flag", CONNECT),
	property(0x1a, "responseInformation", "text", CONNACK),
	property(0x1c, "serverReference", "text", CONNACK | DISCONNECT),
	property(0x1f, "reasonString", "text", REASONED),
	property(0x21, "receiveMaximum", "uint16", CONNECT | CONNACK, 1),
	property(0x22, "topicAliasMaximum", "uint16", CONNECT | CONNACK),
	property(0x23, "topicAlias", "uint16", PUBLISH, 1),
	property(0x24, "maximumQoS", "byte", CONNACK),
	property(0x25, "retainAvailable", "flag", CONNACK),
	property(0x26, "userProperties", "pair", ANYWHERE),
	property(0x27, "maximumPacketSize", "uint32", CONNECT | CONNACK, 1),
	property(0x28, "wildcardSubscriptionAvailable", "flag", CONNACK),
	property(0x29, "subscriptionIdentifiersAvailable", "flag", CONNACK),
	property(0x2a, "sharedSubscriptionAvailable", "flag", CONNACK),
];

const BY_ID: readonly (PropertySpec | undefined)[] = indexById();

function indexById(): (PropertySpec | undefined)[] {
	const index: (PropertySpec | undefined)[] = [];
	for (const spec of PROPERTIES) index[spec.id] = spec;
	return index;
}

export function propertyById(id: number): PropertySpec | undefined {
	return BY_ID[id];
}

export function propertyByName(name: string): PropertySpec | undefined {
	for (const spec of PROPERTIES) if (spec.name === name) return spec;
	return undefined;
}
