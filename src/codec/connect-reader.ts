import { WILL } from "./control.ts";
import type { ConnectPacket, ProtocolVersion, QoS, Will } from "./packets.ts";
import { readProperties, withProperties } from "./property-reader.ts";
import type { Reader } from "./reader.ts";
import type { Rules } from "./rules.ts";
import { refuseTopicName } from "./topic-name.ts";
import { UnsupportedVersionError } from "./unsupported-version-error.ts";

/** Connect flags (section 3.1.2.3). */
const USERNAME = 0x80;
const PASSWORD = 0x40;
const WILL_RETAIN = 0x20;
const WILL_QOS = 0x18;
const WILL_FLAG = 0x04;
const CLEAN = 0x02;
const RESERVED = 0x01;

/** Reads the body of a CONNECT (section 3.1). Throws UnsupportedVersionError if its protocol is not known. */
export function readConnect(reader: Reader, { role, maxUserProperties }: Rules): ConnectPacket {
	const version = readVersion(reader);
	const rules: Rules = { role, maxUserProperties, version };
	const flags = readFlags(reader, version);
	const keepalive = reader.uint16("the keep alive");
	const properties = readConnectProperties(reader, rules);
	const clientId = reader.text("the client identifier");
	const will = flags & WILL_FLAG ? readWill(reader, flags, rules) : undefined;
	// In 3.1 the remaining length takes precedence over the flags: what they announce may be missing (section 3.1).
	const isThere = (flag: number): boolean => (flags & flag) !== 0 && (version !== 3 || reader.left > 0);
	const username = isThere(USERNAME) ? reader.text("the user name") : undefined;
	const password = isThere(PASSWORD) ? reader.binary("the password") : undefined;
	reader.finish();
	const packet: ConnectPacket = {
		cmd: "connect",
		protocolId: version === 3 ? "MQIsdp" : "MQTT",
		protocolVersion: version,
		clean: (flags & CLEAN) !== 0,
		clientId,
		keepalive,
		...(username !== undefined && { username }),
		...(password !== undefined && { password }),
		...(will !== undefined && { will }),
	};
	return withProperties(packet, properties);
}

function readVersion(reader: Reader): ProtocolVersion {
	const name = reader.text("the protocol name");
	const level = reader.byte("the protocol level");
	if (name === "MQIsdp" && level === 3) return level;
	if (name === "MQTT" && (level === 4 || level === 5)) return level;
	throw new UnsupportedVersionError(name, level);
}

function readFlags(reader: Reader, version: ProtocolVersion): number {
	const flags = reader.byte("the connect flags");
	if (flags & RESERVED) throw reader.malformed("the reserved connect flag is set"); // [MQTT-3.1.2-3]
	if ((flags & WILL_QOS) === WILL_QOS) throw reader.malformed("the will has QoS 3"); // [MQTT-3.1.2-12]
	if (!(flags & WILL_FLAG) && flags & (WILL_QOS | WILL_RETAIN)) {
		throw reader.malformed("it has a will QoS or will retain flag, but no will"); // [MQTT-3.1.2-11], [MQTT-3.1.2-13]
	}
	if (version !== 5 && !(flags & USERNAME) && flags & PASSWORD) {
		throw reader.malformed("it has a password, but no user name"); // 3.1.1: [MQTT-3.1.2-22]
	}
	return flags;
}

function readConnectProperties(reader: Reader, rules: Rules): ConnectPacket["properties"] {
	const properties = readProperties<ConnectPacket>(reader, rules);
	// Section 3.1.2.11.10.
	if (properties?.authenticationData !== undefined && properties.authenticationMethod === undefined) {
		throw reader.protocolError("it has authenticationData, but no authenticationMethod");
	}
	return properties;
}

function readWill(reader: Reader, flags: number, rules: Rules): Will {
	const properties = readProperties<Will>(reader, rules, WILL);
	const topic = reader.text("the will topic");
	refuseTopicName(reader, topic, "the will topic");
	const payload = reader.binary("the will payload");
	const qos = ((flags & WILL_QOS) >> 3) as QoS;
	return withProperties({ topic, payload, qos, retain: (flags & WILL_RETAIN) !== 0 }, properties);
}
