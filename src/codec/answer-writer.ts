import { AUTH, DISCONNECT, PUBACK, PUBCOMP, PUBREC, PUBREL } from "./control.ts";
import { UsageError } from "./errors.ts";
import { checkMessageId, frameOf } from "./frame-writer.ts";
import type { AckCommand, AckPacket, AuthPacket, DisconnectPacket, ProtocolVersion } from "./packets.ts";
import { encodeProperties } from "./property-writer.ts";
import { isReasonCode } from "./reason-codes.ts";
import { Writer } from "./writer.ts";

const TYPES: Readonly<Record<AckCommand, number>> = {
	puback: PUBACK,
	pubrec: PUBREC,
	pubrel: PUBREL,
	pubcomp: PUBCOMP,
};
const PUBREL_FLAGS = 0b0010;

/**
 * A PUBACK, PUBREC, PUBREL or PUBCOMP (sections 3.4 to 3.7). Before version 5 it has neither reason code nor properties;
 * there, what says nothing is left out.
 */
export function encodeAck(
	cmd: AckCommand,
	messageId: number,
	reasonCode: number,
	version: ProtocolVersion,
	properties?: AckPacket["properties"],
): Uint8Array {
	const type = TYPES[cmd];
	const first = (type << 4) | (type === PUBREL ? PUBREL_FLAGS : 0);
	checkMessageId(messageId);
	if (version !== 5 || (reasonCode === 0 && properties === undefined)) {
		const frame = new Uint8Array(4);
		frame[0] = first;
		frame[1] = 2;
		frame[2] = messageId >> 8;
		frame[3] = messageId;
		return frame;
	}
	const writer = new Writer();
	writer.uint16(messageId);
	writeReason(writer, type, reasonCode, properties);
	return frameOf(first, writer.written);
}

/** A DISCONNECT (section 3.14). Before version 5 it has neither reason code nor properties. */
export function encodeDisconnect(packet: DisconnectPacket, version: ProtocolVersion): Uint8Array {
	const writer = new Writer();
	if (version === 5) writeReason(writer, DISCONNECT, packet.reasonCode, packet.properties);
	return frameOf(DISCONNECT << 4, writer.written);
}

/** An AUTH (section 3.15), which exists in version 5 only. */
export function encodeAuth(packet: AuthPacket, version: ProtocolVersion): Uint8Array {
	if (version !== 5) throw new UsageError("AUTH exists in MQTT 5 only.");
	if (packet.reasonCode !== 0 && packet.properties?.authenticationMethod === undefined) {
		throw new UsageError("AUTH needs the property authenticationMethod."); // section 3.15.2.2.2
	}
	const writer = new Writer();
	writeReason(writer, AUTH, packet.reasonCode, packet.properties);
	return frameOf(AUTH << 4, writer.written);
}

/** Reason code and properties, as far as they say something. */
function writeReason(writer: Writer, type: number, reasonCode: number, properties: object | undefined): void {
	checkReasonCode(type, reasonCode);
	const encoded = properties && encodeProperties(properties, type);
	const empty = encoded === undefined || encoded.length === 0;
	if (empty && reasonCode === 0) return;
	writer.byte(reasonCode);
	if (empty) return;
	writer.varint(encoded.length);
	writer.raw(encoded);
}

/** Throws UsageError unless such a packet may carry this reason code. */
export function checkReasonCode(type: number, code: number): void {
	if (isReasonCode(type, code)) return;
	throw new UsageError(`0x${code.toString(16)} is no reason code of this packet (MQTT 5 section 2.4).`);
}
