import { readReasonCode } from "./ack-reader.ts";
import type { DisconnectPacket } from "./packets.ts";
import { readProperties } from "./property-reader.ts";
import type { Reader } from "./reader.ts";
import type { Rules } from "./rules.ts";

/** Reads the body of a DISCONNECT (MQTT 5 section 3.14). Not with mqtt-packet, which refuses reason code 0x8C. */
export function readDisconnect(reader: Reader, rules: Rules): DisconnectPacket {
	if (rules.version !== 5) reader.finish();
	if (reader.left === 0) return { cmd: "disconnect", reasonCode: 0 };
	const reasonCode = readReasonCode(reader);
	const properties =
		reader.left > 0 ? readProperties<NonNullable<DisconnectPacket["properties"]>>(reader, rules) : undefined;
	reader.finish();
	if (properties === undefined) return { cmd: "disconnect", reasonCode };
	// [MQTT-3.14.2-2] only a client may change when its session expires.
	if (rules.role === "client" && properties.sessionExpiryInterval !== undefined) {
		throw reader.protocolError("a server may not send sessionExpiryInterval");
	}
	return { cmd: "disconnect", reasonCode, properties };
}
