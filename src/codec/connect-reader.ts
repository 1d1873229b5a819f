import type { ParsedConnect } from "mqtt-packet";
import { UnsupportedVersionError } from "./errors.ts";
import { parseWithMqttPacket } from "./mqtt-packet-parser.ts";
import type { ConnectPacket, ProtocolVersion, Will, WillProperties } from "./packets.ts";
import { readProperties } from "./property-reader.ts";
import { WILL } from "./property-table.ts";
import type { Reader } from "./reader.ts";
import type { Rules } from "./rules.ts";
import { refuseTopicName } from "./topic-name.ts";

/** Connect flags (section 3.1.2.3). */
const USERNAME = 0x80;
const PASSWORD = 0x40;
const WILL_RETAIN = 0x20;
const WILL_QOS = 0x18;
const WILL_FLAG = 0x04;
const RESERVED = 0x01;

/** The packet as it was checked: what mqtt-packet does not tell, or tells wrongly. */
interface Checked {
	readonly version: ProtocolVersion;
	/** The connect flags that hold. */
	readonly flags: number;
	readonly flagsAt: number;
	readonly properties: ConnectPacket["properties"];
	readonly willProperties: WillProperties | undefined;
}

/** Reads a CONNECT (section 3.1); `frame` is all of it. Throws UnsupportedVersionError if its protocol is not known. */
export function readConnect(reader: Reader, frame: Uint8Array, rules: Rules): ConnectPacket {
	const checked = checkConnect(reader, rules);

	frame[frame.length - reader.end + checked.flagsAt] = checked.flags;
	const parsed = parseWithMqttPacket<ParsedConnect>(frame, checked.version, reader);
	return {
		cmd: "connect",
		protocolId: checked.version === 3 ? "MQIsdp" : "MQTT",
		protocolVersion: checked.version,
		clean: parsed.clean,
		clientId: parsed.clientId,
		keepalive: parsed.keepalive,
		...(parsed.username !== undefined && { username: parsed.username }),
		...(parsed.password !== undefined && { password: new Uint8Array(parsed.password) }),
		...(parsed.will !== undefined && { will: toWill(parsed.will, checked.willProperties, reader) }),
		...(checked.properties !== undefined && { properties: checked.properties }),
	};
}

function toWill(
	will: NonNullable<ParsedConnect["will"]>,
	properties: WillProperties | undefined,
	reader: Reader,
): Will {
	const { topic, qos, retain } = will;
	refuseTopicName(reader, topic, "the will topic");
	const payload = new Uint8Array(will.payload);
	return properties === undefined ? { topic, payload, qos, retain } : { topic, payload, qos, retain, properties };
}

function checkConnect(reader: Reader, rules: Rules): Checked {
	const version = readVersion(reader);
	const flagsAt = reader.at;
	let flags = readFlags(reader, version);
	reader.uint16("the keep alive");
	const properties = version === 5 ? readConnectProperties(reader, rules) : undefined;
	reader.skipText("the client identifier");
	const willProperties = (flags & WILL_FLAG) === 0 ? undefined : checkWill(reader, version, rules);
	// In 3.1 the remaining length takes precedence over the flags: what they announce may be missing (section 3.1).
	if (version === 3 && reader.left === 0) flags &= ~(USERNAME | PASSWORD);
	if (flags & USERNAME) reader.skipText("the user name");
	if (version === 3 && reader.left === 0) flags &= ~PASSWORD;
	if (flags & PASSWORD) reader.skipBinary("the password");
	reader.finish();
	return { version, flags, flagsAt, properties, willProperties };
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
	const properties = readProperties<NonNullable<ConnectPacket["properties"]>>(reader, rules);
	// Section 3.1.2.11.10.
	if (properties?.authenticationData !== undefined && properties.authenticationMethod === undefined) {
		throw reader.protocolError("it has authenticationData, but no authenticationMethod");
	}
	return properties;
}

function checkWill(reader: Reader, version: ProtocolVersion, rules: Rules): WillProperties | undefined {
	const properties = version === 5 ? readProperties<WillProperties>(reader, rules, WILL) : undefined;
	reader.skipText("the will topic");
	reader.skipBinary("the will payload");
	return properties;
}
