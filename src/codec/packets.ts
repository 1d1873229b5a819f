/**
 * The control packets of MQTT 3.1, 3.1.1 and 5 as values. Names follow `mqtt-packet`, so that a packet reads the same
 * whichever half of the codec made it; binary fields are plain Uint8Arrays.
 */

/** The protocol level on the wire: 3 is MQTT 3.1, 4 is 3.1.1, 5 is 5. */
export type ProtocolVersion = 3 | 4 | 5;
export type QoS = 0 | 1 | 2;

/**
 * By name; repeated names keep their order in the array. Decoded ones have no prototype, so that a property named
 * `__proto__` is a property like any other.
 */
export type UserProperties = Readonly<Record<string, string | readonly string[]>>;

/** User properties of an application message, whose order a server must keep [MQTT-3.3.2-18], [MQTT-3.1.3-10]. */
export interface OrderedUserProperties {
	readonly userProperties?: UserProperties;
	/**
	 * Name, value, name, value… in the order on the wire. Decoded only where `userProperties` does not show that order
	 * (names that alternate or look like integers). Encoded in the place of `userProperties`.
	 */
	readonly userPropertyOrder?: readonly string[];
}

interface Acknowledged {
	readonly reasonString?: string;
	readonly userProperties?: UserProperties;
}

export interface WillProperties extends OrderedUserProperties {
	readonly willDelayInterval?: number;
	readonly payloadFormatIndicator?: boolean;
	readonly messageExpiryInterval?: number;
	readonly contentType?: string;
	readonly responseTopic?: string;
	readonly correlationData?: Uint8Array;
}

export interface Will {
	readonly topic: string;
	readonly payload: Uint8Array;
	readonly qos: QoS;
	readonly retain: boolean;
	readonly properties?: WillProperties;
}

export interface ConnectPacket {
	readonly cmd: "connect";
	readonly protocolId: "MQTT" | "MQIsdp";
	readonly protocolVersion: ProtocolVersion;
	readonly clean: boolean;
	readonly clientId: string;
	/** Seconds; 0 is off. */
	readonly keepalive: number;
	readonly username?: string;
	readonly password?: Uint8Array;
	readonly will?: Will;
	readonly properties?: {
		readonly sessionExpiryInterval?: number;
		readonly receiveMaximum?: number;
		readonly maximumPacketSize?: number;
		readonly topicAliasMaximum?: number;
		readonly requestResponseInformation?: boolean;
		readonly requestProblemInformation?: boolean;
		readonly userProperties?: UserProperties;
		readonly authenticationMethod?: string;
		readonly authenticationData?: Uint8Array;
	};
}

export interface ConnackProperties extends Acknowledged {
	readonly sessionExpiryInterval?: number;
	readonly receiveMaximum?: number;
	readonly maximumQoS?: number;
	readonly retainAvailable?: boolean;
	readonly maximumPacketSize?: number;
	readonly assignedClientIdentifier?: string;
	readonly topicAliasMaximum?: number;
	readonly wildcardSubscriptionAvailable?: boolean;
	readonly subscriptionIdentifiersAvailable?: boolean;
	readonly sharedSubscriptionAvailable?: boolean;
	readonly serverKeepAlive?: number;
	readonly responseInformation?: string;
	readonly serverReference?: string;
	readonly authenticationMethod?: string;
	readonly authenticationData?: Uint8Array;
}

export interface ConnackPacket {
	readonly cmd: "connack";
	readonly sessionPresent: boolean;
	/** The return code of 3.x, the reason code of 5. */
	readonly reasonCode: number;
	readonly properties?: ConnackProperties;
}

export interface PublishProperties extends OrderedUserProperties {
	readonly payloadFormatIndicator?: boolean;
	readonly messageExpiryInterval?: number;
	readonly topicAlias?: number;
	readonly responseTopic?: string;
	readonly correlationData?: Uint8Array;
	/** One for each matching subscription that has one; always an array, also when there is one. */
	readonly subscriptionIdentifier?: readonly number[];
	readonly contentType?: string;
}

/** What a PUBLISH says before its payload. */
export interface PublishHeader {
	readonly topic: string;
	readonly qos: QoS;
	readonly retain: boolean;
	readonly dup: boolean;
	/** 1–65535 at QoS 1 and 2, undefined at QoS 0. */
	readonly messageId: number | undefined;
	readonly properties: PublishProperties | undefined;
}

export interface PublishPacket extends PublishHeader {
	readonly cmd: "publish";
	readonly payload: Uint8Array;
}

/** A PUBLISH longer than the streaming limit begins: what follows is `chunk`s of `length` bytes in all, the last with `end`. */
export interface PublishBegin extends PublishHeader {
	readonly cmd: "publishBegin";
	/** The whole payload's length in bytes. */
	readonly length: number;
}

export interface PublishChunk {
	readonly cmd: "publishChunk";
	/** Where this chunk starts in the payload, in bytes. */
	readonly offset: number;
	readonly bytes: Uint8Array;
	/** True for the last chunk of this PUBLISH. */
	readonly end: boolean;
}

export type AckCommand = "puback" | "pubrec" | "pubrel" | "pubcomp";

export interface AckPacket {
	readonly cmd: AckCommand;
	readonly messageId: number;
	/** 0 in 3.x. */
	readonly reasonCode: number;
	readonly properties?: Acknowledged;
}

export interface Subscription {
	readonly topic: string;
	readonly qos: QoS;
	/** No Local (5). */
	readonly nl?: boolean;
	/** Retain As Published (5). */
	readonly rap?: boolean;
	/** Retain Handling (5). */
	readonly rh?: 0 | 1 | 2;
}

export interface SubscribePacket {
	readonly cmd: "subscribe";
	readonly messageId: number;
	readonly subscriptions: readonly Subscription[];
	readonly properties?: { readonly subscriptionIdentifier?: number; readonly userProperties?: UserProperties };
}

export interface SubackPacket {
	readonly cmd: "suback";
	readonly messageId: number;
	/** One code per subscription, in order: the granted QoS, 0x80 (3.1.1) or a reason code (5). */
	readonly granted: readonly number[];
	readonly properties?: Acknowledged;
}

export interface UnsubscribePacket {
	readonly cmd: "unsubscribe";
	readonly messageId: number;
	readonly unsubscriptions: readonly string[];
	readonly properties?: { readonly userProperties?: UserProperties };
}

export interface UnsubackPacket {
	readonly cmd: "unsuback";
	readonly messageId: number;
	/** One code per filter (5); empty in 3.x. */
	readonly granted: readonly number[];
	readonly properties?: Acknowledged;
}

export interface PingreqPacket {
	readonly cmd: "pingreq";
}

export interface PingrespPacket {
	readonly cmd: "pingresp";
}

export interface DisconnectPacket {
	readonly cmd: "disconnect";
	/** 0 in 3.x. */
	readonly reasonCode: number;
	readonly properties?: Acknowledged & { readonly sessionExpiryInterval?: number; readonly serverReference?: string };
}

export interface AuthPacket {
	readonly cmd: "auth";
	readonly reasonCode: number;
	readonly properties?: Acknowledged & {
		readonly authenticationMethod?: string;
		readonly authenticationData?: Uint8Array;
	};
}

export type Packet =
	| ConnectPacket
	| ConnackPacket
	| PublishPacket
	| AckPacket
	| SubscribePacket
	| SubackPacket
	| UnsubscribePacket
	| UnsubackPacket
	| PingreqPacket
	| PingrespPacket
	| DisconnectPacket
	| AuthPacket;

/** What a decoder yields: packets, and the pieces of a PUBLISH too long to be held. */
export type DecodedPacket = Packet | PublishBegin | PublishChunk;
