import { checkReasonCode } from "./answer-writer.ts";
import { SUBACK, UNSUBACK } from "./control.ts";
import { UsageError } from "./errors.ts";
import { checkMessageId } from "./frame-writer.ts";
import { frameByMqttPacket } from "./mqtt-packet-writer.ts";
import type { ProtocolVersion, SubackPacket, UnsubackPacket } from "./packets.ts";
import { isGranted } from "./reason-codes.ts";

/** A SUBACK (section 3.9). Properties are left out before version 5, where the only code above 2 is 0x80. */
export function encodeSuback(packet: SubackPacket, version: ProtocolVersion): Uint8Array {
	const { messageId, granted } = packet;
	checkMessageId(messageId);
	checkNotEmpty(granted);
	for (const code of granted) {
		if (!isGranted(code, version)) {
			throw new UsageError(`0x${code.toString(16)} is no code of a SUBACK in version ${version}.`);
		}
	}
	return frameByMqttPacket(SUBACK << 4, packet, version);
}

/** An UNSUBACK (section 3.11). Codes and properties are left out before version 5. */
export function encodeUnsuback(packet: UnsubackPacket, version: ProtocolVersion): Uint8Array {
	const { messageId, granted } = packet;
	checkMessageId(messageId);
	if (version === 5) {
		checkNotEmpty(granted);
		for (const code of granted) checkReasonCode(UNSUBACK, code);
	}
	return frameByMqttPacket(UNSUBACK << 4, packet, version);
}

function checkNotEmpty(granted: readonly number[]): void {
	if (granted.length === 0) throw new UsageError("There must be a code for each topic filter.");
}
