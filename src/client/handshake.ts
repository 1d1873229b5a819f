import { type ConnectPacket, encodeUtf8 } from "../codec/index.ts";
import type { Random } from "../ports/index.ts";
import { fnv1a, hex8 } from "./hash.ts";
import { LEVEL, type Protocol } from "./ladder.ts";
import type { Settings } from "./options.ts";

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

/** The longest client id of MQTT 3.1, in characters (3.1 section 3.1). */
const LONGEST_ID_3_1 = 23;

/** A client id for whoever gave none. */
export function generateClientId(random: Random): string {
	return `motehub-${hex8(random.next() * 0x1_0000_0000)}`;
}

/**
 * The client id as a protocol version allows it. For 3.1 a longer one becomes its first 14 characters, `-`, and eight
 * digits of a hash of it all: the same for every connection, and different for ids that differ at the end only.
 */
export function clientIdFor(protocol: Protocol, clientId: string): string {
	if (protocol !== "3.1") return clientId;
	const characters = Array.from(clientId);
	if (characters.length <= LONGEST_ID_3_1) return clientId;
	return `${characters.slice(0, LONGEST_ID_3_1 - 9).join("")}-${hex8(fnv1a(encodeUtf8(clientId)))}`;
}

/** The CONNECT for a rung of the ladder (MQTT 5 section 3.1, 3.1.1 section 3.1, 3.1 section 3.1). */
export function connectPacket(settings: Settings, protocol: Protocol, clientId: string, clean: boolean): ConnectPacket {
	const username = settings.username;
	const version = LEVEL[protocol];
	const packet: Mutable<ConnectPacket> = {
		cmd: "connect",
		protocolId: version === 3 ? "MQIsdp" : "MQTT",
		protocolVersion: version,
		clean,
		clientId,
		keepalive: settings.keepAlive,
	};
	if (username !== undefined) packet.username = username;
	if (settings.password !== undefined && (version === 5 || username !== undefined)) packet.password = settings.password;
	if (settings.will !== undefined) packet.will = settings.will; // its properties are written in version 5 alone
	if (version === 5) packet.properties = connectProperties(settings);
	return packet;
}

function connectProperties(settings: Settings): NonNullable<ConnectPacket["properties"]> {
	const limits = settings.limits;
	const properties: Mutable<NonNullable<ConnectPacket["properties"]>> = {
		...settings.properties,
		receiveMaximum: limits.maxInflight,
		maximumPacketSize: limits.maxPacket,
	};
	if (settings.sessionExpiry > 0) properties.sessionExpiryInterval = settings.sessionExpiry;
	if (limits.topicAliases > 0) properties.topicAliasMaximum = limits.topicAliases;
	return properties;
}
