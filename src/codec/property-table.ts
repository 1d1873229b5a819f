import * as control from "./control.ts";

const IN_WILL = 1 << control.WILL;
const IN_CONNECT = 1 << control.CONNECT;
const IN_CONNACK = 1 << control.CONNACK;
const IN_PUBLISH = 1 << control.PUBLISH;
const IN_SUBSCRIBE = 1 << control.SUBSCRIBE;
const IN_DISCONNECT = 1 << control.DISCONNECT;
const IN_AUTH = 1 << control.AUTH;
/** CONNACK, PUBACK to PUBCOMP, SUBACK, UNSUBACK, DISCONNECT and AUTH. */
const IN_ANSWERS = 0b1100_1010_1111_0100;
/** All but PINGREQ and PINGRESP. */
const ANYWHERE = 0b1100_1111_1111_1111;

/** `flag`: a byte that is 0 or 1, for false and true. `bit`: the same as a number. */
export type PropertyType = "flag" | "bit" | "uint16" | "uint32" | "varint" | "text" | "binary" | "pair";

export interface PropertySpec {
	readonly id: number;
	readonly name: string;
	readonly type: PropertyType;
	/** Bit n is set if it may stand in control packet type n, bit 0 if in a will. */
	readonly packets: number;
	/** A number that may not be 0. */
	readonly positive: boolean;
}

function property(id: number, name: string, type: PropertyType, packets: number, positive = false): PropertySpec {
	return { id, name, type, packets, positive };
}

/** The properties of MQTT 5 (section 2.2.2.2). Names follow mqtt-packet. */
export const PROPERTIES: readonly PropertySpec[] = [
	property(0x01, "payloadFormatIndicator", "flag", IN_PUBLISH | IN_WILL),
	property(0x02, "messageExpiryInterval", "uint32", IN_PUBLISH | IN_WILL),
	property(0x03, "contentType", "text", IN_PUBLISH | IN_WILL),
	property(0x08, "responseTopic", "text", IN_PUBLISH | IN_WILL),
	property(0x09, "correlationData", "binary", IN_PUBLISH | IN_WILL),
	property(0x0b, "subscriptionIdentifier", "varint", IN_PUBLISH | IN_SUBSCRIBE, true),
	property(0x11, "sessionExpiryInterval", "uint32", IN_CONNECT | IN_CONNACK | IN_DISCONNECT),
	property(0x12, "assignedClientIdentifier", "text", IN_CONNACK),
	property(0x13, "serverKeepAlive", "uint16", IN_CONNACK),
	property(0x15, "authenticationMethod", "text", IN_CONNECT | IN_CONNACK | IN_AUTH),
	property(0x16, "authenticationData", "binary", IN_CONNECT | IN_CONNACK | IN_AUTH),
	property(0x17, "requestProblemInformation", "flag", IN_CONNECT),
	property(0x18, "willDelayInterval", "uint32", IN_WILL),
	property(0x19, "requestResponseInformation", "flag", IN_CONNECT),
	property(0x1a, "responseInformation", "text", IN_CONNACK),
	property(0x1c, "serverReference", "text", IN_CONNACK | IN_DISCONNECT),
	property(0x1f, "reasonString", "text", IN_ANSWERS),
	property(0x21, "receiveMaximum", "uint16", IN_CONNECT | IN_CONNACK, true),
	property(0x22, "topicAliasMaximum", "uint16", IN_CONNECT | IN_CONNACK),
	property(0x23, "topicAlias", "uint16", IN_PUBLISH, true),
	property(0x24, "maximumQoS", "bit", IN_CONNACK),
	property(0x25, "retainAvailable", "flag", IN_CONNACK),
	property(0x26, "userProperties", "pair", ANYWHERE),
	property(0x27, "maximumPacketSize", "uint32", IN_CONNECT | IN_CONNACK, true),
	property(0x28, "wildcardSubscriptionAvailable", "flag", IN_CONNACK),
	property(0x29, "subscriptionIdentifiersAvailable", "flag", IN_CONNACK),
	property(0x2a, "sharedSubscriptionAvailable", "flag", IN_CONNACK),
];

const BY_ID: readonly (PropertySpec | undefined)[] = indexById();

function indexById(): (PropertySpec | undefined)[] {
	const index: (PropertySpec | undefined)[] = [];
	PROPERTIES.forEach((spec) => {
		index[spec.id] = spec;
	});
	return index;
}

export function propertyById(id: number): PropertySpec | undefined {
	return BY_ID[id];
}

export function propertyByName(name: string): PropertySpec | undefined {
	return PROPERTIES.find((spec) => spec.name === name);
}
