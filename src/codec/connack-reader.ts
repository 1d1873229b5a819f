import type { ParsedConnack } from "mqtt-packet";
import { readReasonCode } from "./ack-reader.ts";
import { parseWithMqttPacket } from "./mqtt-packet-parser.ts";
import type { ConnackPacket, ConnackProperties } from "./packets.ts";
import { readProperties } from "./property-reader.ts";
import type { Reader } from "./reader.ts";
import { LAST_RETURN_CODE } from "./reason-codes.ts";
import type { Rules } from "./rules.ts";

const SESSION_PRESENT = 0x01;

/** Reads a CONNACK (section 3.2); `frame` is all of it. */
export function readConnack(reader: Reader, frame: Uint8Array, rules: Rules): ConnackPacket {
	const flags = reader.byte("the connect acknowledge flags");
	if (flags & ~SESSION_PRESENT) throw reader.malformed("reserved connect acknowledge flags are set");
	const [code, properties] = isOldForm(reader, rules) ? [readReturnCode(reader)] : readModernForm(reader, rules);
	reader.finish();
	// 3.1.1: [MQTT-3.2.2-4], 5: [MQTT-3.2.2-6]. In 3.1 the bit means nothing.
	if (rules.version > 3 && code !== 0 && flags & SESSION_PRESENT) {
		throw reader.protocolError("it refuses the connection, but says that the session is present");
	}
	const parsed = parseWithMqttPacket<ParsedConnack>(frame, rules.version, reader);
	const reasonCode = parsed.reasonCode ?? parsed.returnCode ?? code;
	const { sessionPresent } = parsed;
	return properties === undefined
		? { cmd: "connack", sessionPresent, reasonCode }
		: { cmd: "connack", sessionPresent, reasonCode, properties };
}

/** A server that does not know version 5 refuses it in the form of 3.1.1, with a return code and no properties. */
function isOldForm(reader: Reader, rules: Rules): boolean {
	return rules.version !== 5 || (reader.left === 1 && reader.bytes[reader.at] !== 0);
}

function readReturnCode(reader: Reader): number {
	const code = reader.byte("the return code");
	if (code > LAST_RETURN_CODE) throw reader.protocolError(`there is no return code ${code}`);
	return code;
}

function readModernForm(reader: Reader, rules: Rules): [number, ConnackProperties | undefined] {
	const code = readReasonCode(reader);
	return [code, readProperties<ConnackProperties>(reader, rules)];
}
