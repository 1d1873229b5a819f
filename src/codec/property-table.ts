import * as types from "./property-type.ts";

// Bit n for control packet type n, written out: the device's build folds only what it sees in one file.
const IN_WILL = 0b0000_0000_0000_0001;
const IN_CONNECT = 0b0000_0000_0000_0010;
const IN_CONNACK = 0b0000_0000_0000_0100;
const IN_PUBLISH = 0b0000_0000_0000_1000;
const IN_SUBSCRIBE = 0b0000_0001_0000_0000;
const IN_DISCONNECT = 0b0100_0000_0000_0000;
const IN_AUTH = 0b1000_0000_0000_0000;
/** CONNACK, PUBACK to PUBCOMP, SUBACK, UNSUBACK, DISCONNECT and AUTH. */
const IN_ANSWERS = 0b1100_1010_1111_0100;
/** All but PINGREQ and PINGRESP. */
const ANYWHERE = 0b1100_1111_1111_1111;

export type PropertyType = (typeof types)[keyof typeof types];

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

/**
 * The properties of MQTT 5 (section 2.2.2.2). Names follow mqtt-packet. As arguments, and not within brackets, which take
 * XS 10 bytes more for each.
 */
export const PROPERTIES: readonly PropertySpec[] = Array.of(
	property(0x01, "payloadFormatIndicator", types.FLAG, IN_PUBLISH | IN_WILL),
	property(0x02, "messageExpiryInterval", types.UINT32, IN_PUBLISH | IN_WILL),
	property(0x03, "contentType", types.TEXT, IN_PUBLISH | IN_WILL),
	property(0x08, "responseTopic", types.TEXT, IN_PUBLISH | IN_WILL),
	property(0x09, "correlationData", types.BINARY, IN_PUBLISH | IN_WILL),
	property(0x0b, "subscriptionIdentifier", types.VARINT, IN_PUBLISH | IN_SUBSCRIBE, true),
	property(0x11, "sessionExpiryInterval", types.UINT32, IN_CONNECT | IN_CONNACK | IN_DISCONNECT),
	property(0x12, "assignedClientIdentifier", types.TEXT, IN_CONNACK),
	property(0x13, "serverKeepAlive", types.UINT16, IN_CONNACK),
	property(0x15, "authenticationMethod", types.TEXT, IN_CONNECT | IN_CONNACK | IN_AUTH),
	property(0x16, "authenticationData", types.BINARY, IN_CONNECT | IN_CONNACK | IN_AUTH),
	property(0x17, "requestProblemInformation", types.FLAG, IN_CONNECT),
	property(0x18, "willDelayInterval", types.UINT32, IN_WILL),
	property(0x19, "requestResponseInformation", types.FLAG, IN_CONNECT),
	property(0x1a, "responseInformation", types.TEXT, IN_CONNACK),
	property(0x1c, "serverReference", types.TEXT, IN_CONNACK | IN_DISCONNECT),
	property(0x1f, "reasonString", types.TEXT, IN_ANSWERS),
	property(0x21, "receiveMaximum", types.UINT16, IN_CONNECT | IN_CONNACK, true),
	property(0x22, "topicAliasMaximum", types.UINT16, IN_CONNECT | IN_CONNACK),
	property(0x23, "topicAlias", types.UINT16, IN_PUBLISH, true),
	property(0x24, "maximumQoS", types.BIT, IN_CONNACK),
	property(0x25, "retainAvailable", types.FLAG, IN_CONNACK),
	property(0x26, "userProperties", types.PAIR, ANYWHERE),
	property(0x27, "maximumPacketSize", types.UINT32, IN_CONNECT | IN_CONNACK, true),
	property(0x28, "wildcardSubscriptionAvailable", types.FLAG, IN_CONNACK),
	property(0x29, "subscriptionIdentifiersAvailable", types.FLAG, IN_CONNACK),
	property(0x2a, "sharedSubscriptionAvailable", types.FLAG, IN_CONNACK),
);

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
