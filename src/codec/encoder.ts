import mqttPacket from "mqtt-packet";
import { UsageError } from "./errors.ts";
import type { AckCommand, AckPacket, Packet, ProtocolVersion, PublishHeader } from "./packets.ts";
import { encodeUtf8, utf8Length, writeUtf8 } from "./utf8.ts";
import { varintLength, writeVarint } from "./varint.ts";

const PINGREQ = new Uint8Array([0xc0, 0]);
const PINGRESP = new Uint8Array([0xd0, 0]);
const ACK_FIRST: Readonly<Record<AckCommand, number>> = { puback: 0x40, pubrec: 0x50, pubrel: 0x62, pubcomp: 0x70 };

export function encodePingreq(): Uint8Array {
	return PINGREQ;
}

export function encodePingresp(): Uint8Array {
	return PINGRESP;
}

function delegate(packet: object, version: ProtocolVersion): Uint8Array {
	const pieces: Uint8Array[] = [];
	let length = 0;
	mqttPacket.writeToStream.cacheNumbers = false;
	mqttPacket.writeToStream(
		packet,
		{
			write(piece) {
				const bytes = typeof piece === "string" ? encodeUtf8(piece) : piece;
				pieces.push(bytes);
				length += bytes.length;
				return true;
			},
			destroy(error) {
				throw new UsageError(error.message);
			},
		},
		{ protocolVersion: version },
	);
	const frame = new Uint8Array(length);
	let at = 0;
	for (const piece of pieces) {
		frame.set(piece, at);
		at += piece.length;
	}
	return frame;
}

export function encode(packet: Packet, version: ProtocolVersion): Uint8Array {
	switch (packet.cmd) {
		case "publish":
			return encodePublish(packet, packet.payload, version);
		case "puback":
		case "pubrec":
		case "pubrel":
		case "pubcomp":
			return encodeAck(packet.cmd, packet.messageId, packet.reasonCode, version, packet.properties);
		case "pingreq":
			return PINGREQ;
		case "pingresp":
			return PINGRESP;
		case "connack":
			return delegate({ ...packet, returnCode: packet.reasonCode }, version);
		case "connect": {
			if (packet.password === undefined) return delegate(packet, version);
			const password = String.fromCharCode(...packet.password);
			return delegate({ ...packet, password }, version);
		}
		default:
			return delegate(packet, version);
	}
}

export function encodePublish(header: PublishHeader, payload: Uint8Array, version: ProtocolVersion): Uint8Array {
	if (version === 5 && header.properties !== undefined) return delegate({ cmd: "publish", ...header, payload }, version);
	const topicLength = utf8Length(header.topic);
	const length = 2 + topicLength + (header.qos > 0 ? 2 : 0) + (version === 5 ? 1 : 0) + payload.length;
	const frame = new Uint8Array(1 + varintLength(length) + length);
	frame[0] = 0x30 | (header.dup ? 8 : 0) | (header.qos << 1) | (header.retain ? 1 : 0);
	let at = writeVarint(frame, 1, length);
	frame[at++] = topicLength >> 8;
	frame[at++] = topicLength & 0xff;
	at = writeUtf8(frame, at, header.topic);
	if (header.qos > 0) {
		frame[at++] = (header.messageId as number) >> 8;
		frame[at++] = (header.messageId as number) & 0xff;
	}
	if (version === 5) frame[at++] = 0;
	frame.set(payload, at);
	return frame;
}

export function encodeAck(
	cmd: AckCommand,
	messageId: number,
	reasonCode: number,
	version: ProtocolVersion,
	properties?: AckPacket["properties"],
): Uint8Array {
	if (version === 5 && properties !== undefined) return delegate({ cmd, messageId, reasonCode, properties }, version);
	const short = version < 5 || reasonCode === 0;
	const frame = new Uint8Array(short ? 4 : 5);
	frame[0] = ACK_FIRST[cmd];
	frame[1] = short ? 2 : 3;
	frame[2] = messageId >> 8;
	frame[3] = messageId & 0xff;
	if (!short) frame[4] = reasonCode;
	return frame;
}

export function setDup(frame: Uint8Array): void {
	frame[0] = (frame[0] as number) | 8;
}

export function setMessageId(frame: Uint8Array, messageId: number): void {
	let at = 1;
	while ((frame[at++] as number) > 127);
	at += 2 + (((frame[at] as number) << 8) | (frame[at + 1] as number));
	frame[at] = messageId >> 8;
	frame[at + 1] = messageId & 0xff;
}
