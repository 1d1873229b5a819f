import { readReasonCode } from "./ack-reader.ts";
import type { SubackPacket, UnsubackPacket } from "./packets.ts";
import { readProperties, withProperties } from "./property-reader.ts";
import type { Reader } from "./reader.ts";
import { isGranted } from "./reason-codes.ts";
import type { Rules } from "./rules.ts";

/** Reads the body of a SUBACK (section 3.9). */
export function readSuback(reader: Reader, rules: Rules): SubackPacket {
	const messageId = reader.messageId();
	const properties = readProperties<SubackPacket>(reader, rules);
	checkNotEmpty(reader);
	const granted: number[] = [];
	while (reader.left > 0) {
		const code = reader.byte("a reason code");
		if (!isGranted(code, rules.version)) throw reader.protocolError(`0x${code.toString(16)} grants or refuses nothing`);
		granted.push(code);
	}
	return withProperties({ cmd: "suback", messageId, granted }, properties);
}

/** Reads the body of an UNSUBACK (section 3.11). Before version 5 it says nothing but whom it answers. */
export function readUnsuback(reader: Reader, rules: Rules): UnsubackPacket {
	const messageId = reader.messageId();
	const properties = readProperties<UnsubackPacket>(reader, rules);
	if (rules.version === 5) checkNotEmpty(reader);
	else reader.finish();
	const granted: number[] = [];
	while (reader.left > 0) granted.push(readReasonCode(reader));
	return withProperties({ cmd: "unsuback", messageId, granted }, properties);
}

function checkNotEmpty(reader: Reader): void {
	if (reader.left === 0) throw reader.malformed("it has no reason code");
}
