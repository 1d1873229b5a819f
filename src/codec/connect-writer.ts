import { CONNECT, WILL } from "./control.ts";
import { UsageError } from "./errors.ts";
import { frameOf } from "./frame-writer.ts";
import { bodyByMqttPacket, insertProperties, withoutProperties } from "./mqtt-packet-writer.ts";
import type { ConnectPacket, ProtocolVersion, Will } from "./packets.ts";
import { checkQos } from "./publish-writer.ts";
import { checkTopicName } from "./topic-name.ts";
import { utf8Length } from "./utf8.ts";
import { binaryLength, textLength, Writer } from "./writer.ts";

const PASSWORD = 0x40;
const CLEAN = 0x02;

/**
 * A CONNECT (section 3.1). Properties are left out before version 5. Throws UsageError if the version cannot express it.
 *
 * mqtt-packet takes a password as a Buffer only and not without a user name, and insists on Clean Start with an empty
 * client identifier, both of which version 5 does not: so the password, which comes last, and two flags are ours.
 */
export function encodeConnect(packet: ConnectPacket, version: ProtocolVersion): Uint8Array {
	check(packet, version);
	const { password, will } = packet;
	const theirs = {
		...packet,
		clean: true,
		password: undefined,
		will: will && withoutProperties(will),
		properties: undefined,
	};
	const body = bodyByMqttPacket(theirs, version);
	const flagsAt = 2 + packet.protocolId.length + 1;
	if (!packet.clean) body[flagsAt] = (body[flagsAt] as number) & ~CLEAN;
	if (password !== undefined) body[flagsAt] = (body[flagsAt] as number) | PASSWORD;
	const propertiesAt = flagsAt + 3;
	const willPropertiesAt = propertiesAt + 1 + 2 + utf8Length(packet.clientId);
	const withWill = insertProperties(body, willPropertiesAt, will?.properties, WILL, version);
	const writer = new Writer();
	writer.raw(insertProperties(withWill, propertiesAt, packet.properties, CONNECT, version));
	if (password !== undefined) writer.binary(password, "The password");
	return frameOf(CONNECT << 4, writer.written);
}

function check(packet: ConnectPacket, version: ProtocolVersion): void {
	checkProtocol(packet, version);
	checkIdentity(packet, version);
	const { keepalive, properties } = packet;
	if ((keepalive & 0xffff) !== keepalive) {
		throw new UsageError(`keepalive is ${keepalive}; it must be an integer from 0 to 65,535 seconds.`);
	}
	if (packet.will) checkWill(packet.will);
	if (properties?.authenticationData !== undefined && properties.authenticationMethod === undefined) {
		throw new UsageError("authenticationData needs authenticationMethod."); // section 3.1.2.11.10
	}
}

function checkProtocol(packet: ConnectPacket, version: ProtocolVersion): void {
	const protocolId = version === 3 ? "MQIsdp" : "MQTT";
	if (packet.protocolVersion === version && packet.protocolId === protocolId) return;
	throw new UsageError(
		`CONNECT of version ${version} must have protocolId "${protocolId}", protocolVersion ${version}.`,
	);
}

function checkIdentity({ clientId, clean, username, password }: ConnectPacket, version: ProtocolVersion): void {
	textLength(clientId, "The client identifier");
	if (clientId === "" && version === 3) throw new UsageError("MQTT 3.1 needs a client identifier.");
	if (clientId === "" && version === 4 && !clean) {
		throw new UsageError("MQTT 3.1.1 needs a client identifier unless the session is clean."); // [MQTT-3.1.3-7]
	}
	if (username !== undefined) textLength(username, "The user name");
	if (password !== undefined) binaryLength(password, "The password");
	if (password !== undefined && username === undefined && version !== 5) {
		throw new UsageError("A password without a user name needs MQTT 5."); // 3.1.1: [MQTT-3.1.2-22]
	}
}

function checkWill(will: Will): void {
	textLength(will.topic, "The will topic");
	checkTopicName(will.topic, "The will topic");
	checkQos(will.qos);
	binaryLength(will.payload, "The will payload");
}
