import { checkReasonCode } from "./answer-writer.ts";
import { CONNACK } from "./control.ts";
import { UsageError } from "./errors.ts";
import { frameByMqttPacket } from "./mqtt-packet-writer.ts";
import type { ConnackPacket, ProtocolVersion } from "./packets.ts";
import { LAST_RETURN_CODE } from "./reason-codes.ts";

/** A CONNACK (section 3.2). Properties are left out before version 5, where `reasonCode` is a return code from 0 to 5. */
export function encodeConnack(packet: ConnackPacket, version: ProtocolVersion): Uint8Array {
	const { sessionPresent, reasonCode } = packet;
	if (version === 5) checkReasonCode(CONNACK, reasonCode);
	else checkReturnCode(reasonCode);
	// 3.1.1: [MQTT-3.2.2-4], 5: [MQTT-3.2.2-6]
	if (sessionPresent && reasonCode !== 0)
		throw new UsageError("A CONNACK that refuses cannot have sessionPresent set.");
	const withBothNames = { ...packet, returnCode: reasonCode };
	return frameByMqttPacket(CONNACK << 4, withBothNames, version);
}

function checkReturnCode(code: number): void {
	if (Number.isInteger(code) && code >= 0 && code <= LAST_RETURN_CODE) return;
	throw new UsageError(`0x${code.toString(16)} is no CONNACK return code of MQTT 3.1 and 3.1.1: they have 0 to 5.`);
}
