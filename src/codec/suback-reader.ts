import type { ParsedGrants } from "mqtt-packet";
import { readReasonCode } from "./ack-reader.ts";
import { parseWithMqttPacket } from "./mqtt-packet-parser.ts";
import type { SubackPacket, UnsubackPacket } from "./packets.ts";
import { readProperties } from "./property-reader.ts";
import type { Reader } from "./reader.ts";
import { isGranted } from "./reason-codes.ts";
import type { Rules } from "./rules.ts";

/** Reads a SUBACK (section 3.9); `frame` is all of it. */
export function readSuback(reader: Reader, frame: Uint8Array, rules: Rules): SubackPacket {
	const messageId = reader.messageId();
	const properties =
		rules.version === 5 ? readProperties<NonNullable<SubackPacket["properties"]>>(reader, rules) : undefined;
	checkNotEmpty(reader);
	while (reader.left > 0) {
		const code = reader.byte("a reason code");
		if (!isGranted(code, rules.version)) throw reader.protocolError(`0x${code.toString(16)} grants or refuses nothing`);
	}
	const { granted = [] } = parseWithMqttPacket<ParsedGrants>(frame, rules.version, reader);
	return properties === undefined
		? { cmd: "suback", messageId, granted }
		: { cmd: "suback", messageId, granted, properties };
}

/** Reads an UNSUBACK (section 3.11); `frame` is all of it. Before version 5 it says nothing but whom it answers. */
export function readUnsuback(reader: Reader, frame: Uint8Array, rules: Rules): UnsubackPacket {
	const messageId = reader.messageId();
	const properties =
		rules.version === 5 ? readProperties<NonNullable<UnsubackPacket["properties"]>>(reader, rules) : undefined;
	if (rules.version === 5) checkNotEmpty(reader);
	else reader.finish();
	while (reader.left > 0) readReasonCode(reader);
	const { granted = [] } = parseWithMqttPacket<ParsedGrants>(frame, rules.version, reader);
	return properties === undefined
		? { cmd: "unsuback", messageId, granted }
		: { cmd: "unsuback", messageId, granted, properties };
}

function checkNotEmpty(reader: Reader): void {
	if (reader.left === 0) throw reader.malformed("it has no reason code");
}
