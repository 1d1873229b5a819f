import { readReason } from "./ack-reader.ts";
import type { AuthPacket } from "./packets.ts";
import { withProperties } from "./property-reader.ts";
import type { Reader } from "./reader.ts";
import { REASON } from "./reason.ts";
import type { Rules } from "./rules.ts";

/** Reads the body of an AUTH (section 3.15). */
export function readAuth(reader: Reader, rules: Rules): AuthPacket {
	const { reasonCode, properties } = readReason<AuthPacket>(reader, rules);
	const { peer } = rules.role;
	// Success is the server's to say, re-authentication the client's to ask for (table 3-11).
	if (reasonCode === (peer === "client" ? REASON.SUCCESS : REASON.RE_AUTHENTICATE)) {
		throw reader.protocolError(`a ${peer} may not send 0x${reasonCode.toString(16)}`);
	}
	// A method is mandatory (section 3.15.2.2.2), but a success without properties may leave them out (3.15.2.1).
	if (reasonCode !== REASON.SUCCESS && properties?.authenticationMethod === undefined) {
		throw reader.protocolError("it has no authenticationMethod");
	}
	return withProperties({ cmd: "auth", reasonCode }, properties);
}
