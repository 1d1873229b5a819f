import { readReason } from "./ack-reader.ts";
import type { DisconnectPacket } from "./packets.ts";
import { withProperties } from "./property-reader.ts";
import type { Reader } from "./reader.ts";
import type { Rules } from "./rules.ts";

/** Reads the body of a DISCONNECT (section 3.14). */
export function readDisconnect(reader: Reader, rules: Rules): DisconnectPacket {
	const { reasonCode, properties } = readReason<DisconnectPacket>(reader, rules);
	// [MQTT-3.14.2-2] only a client may change when its session expires.
	if (rules.role.peer === "server" && properties?.sessionExpiryInterval !== undefined) {
		throw reader.protocolError("a server may not send sessionExpiryInterval");
	}
	return withProperties({ cmd: "disconnect", reasonCode }, properties);
}
