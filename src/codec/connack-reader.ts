import { readReasonCode } from "./ack-reader.ts";
import type { ConnackPacket } from "./packets.ts";
import { readProperties, withProperties } from "./property-reader.ts";
import type { Reader } from "./reader.ts";
import { LAST_RETURN_CODE } from "./reason-codes.ts";
import type { Rules } from "./rules.ts";

const SESSION_PRESENT = 0x01;

/** Reads the body of a CONNACK (section 3.2). */
export function readConnack(reader: Reader, rules: Rules): ConnackPacket {
	const flags = reader.byte("the connect acknowledge flags");
	if (flags & ~SESSION_PRESENT) throw reader.malformed("reserved connect acknowledge flags are set");
	const sessionPresent = flags === SESSION_PRESENT;
	const isOld = isOldForm(reader, rules);
	const reasonCode = isOld ? readReturnCode(reader) : readReasonCode(reader);
	const properties = isOld ? undefined : readProperties<ConnackPacket>(reader, rules);
	reader.finish();
	// 3.1.1: [MQTT-3.2.2-4], 5: [MQTT-3.2.2-6]. In 3.1 the bit means nothing.
	if (rules.version > 3 && reasonCode !== 0 && sessionPresent) {
		throw reader.protocolError("it refuses the connection, but says that the session is present");
	}
	return withProperties({ cmd: "connack", sessionPresent, reasonCode }, properties);
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
