import { PUBACK } from "./control.ts";
import type { AckCommand, AckPacket } from "./packets.ts";
import { type PropertiesOf, readProperties, withProperties } from "./property-reader.ts";
import { Reader } from "./reader.ts";
import { isReasonCode } from "./reason-codes.ts";
import type { Rules } from "./rules.ts";

/** By control packet type, from PUBACK on. */
const COMMANDS: readonly AckCommand[] = ["puback", "pubrec", "pubrel", "pubcomp"];

/** Reads the body of a PUBACK, PUBREC, PUBREL or PUBCOMP (MQTT 5 sections 3.4 to 3.7). */
export function readAck(packetType: number, bytes: Uint8Array, start: number, end: number, rules: Rules): AckPacket {
	const cmd = COMMANDS[packetType - PUBACK] as AckCommand;
	if (end - start === 2) {
		const messageId = ((bytes[start] as number) << 8) | (bytes[start + 1] as number);
		if (messageId !== 0) return { cmd, messageId, reasonCode: 0 };
	}
	const reader = new Reader(packetType, bytes, start, end);
	const messageId = reader.messageId();
	const reason = readReason<AckPacket>(reader, rules);
	return withProperties({ cmd, messageId, reasonCode: reason.reasonCode }, reason.properties);
}

/**
 * Reason code and properties, after which the packet must end. Before version 5 there are none; there, what says nothing may
 * be left out.
 */
export function readReason<P extends { readonly properties?: object }>(
	reader: Reader,
	rules: Rules,
): { readonly reasonCode: number; readonly properties: PropertiesOf<P> | undefined } {
	if (rules.version !== 5) reader.finish();
	const reasonCode = reader.left > 0 ? readReasonCode(reader) : 0;
	const properties = reader.left > 0 ? readProperties<P>(reader, rules) : undefined;
	reader.finish();
	return { reasonCode, properties };
}

/** A reason code of MQTT 5 that the packet may carry. */
export function readReasonCode(reader: Reader): number {
	const code = reader.byte("the reason code");
	if (isReasonCode(reader.packetType, code)) return code;
	throw reader.protocolError(`0x${code.toString(16)} is none of its reason codes`);
}
