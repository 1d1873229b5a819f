import { readReasonCode } from "./ack-reader.ts";
import type { AuthPacket } from "./packets.ts";
import { readProperties } from "./property-reader.ts";
import type { Reader } from "./reader.ts";
import { REASON } from "./reason.ts";
import { peerOf, type Role, type Rules } from "./rules.ts";

/** Reads the body of an AUTH (section 3.15). Not with mqtt-packet, which refuses the form without a body. */
export function readAuth(reader: Reader, rules: Rules): AuthPacket {
	const reasonCode = reader.left === 0 ? REASON.SUCCESS : readReasonCode(reader);
	const properties = reader.left > 0 ? readProperties<NonNullable<AuthPacket["properties"]>>(reader, rules) : undefined;
	reader.finish();
	checkSender(reader, reasonCode, rules.role);
	// A method is mandatory (section 3.15.2.2.2), but a success without properties may leave them out (3.15.2.1).
	if (reasonCode !== REASON.SUCCESS && properties?.authenticationMethod === undefined) {
		throw reader.protocolError("it has no authenticationMethod");
	}
	return properties === undefined ? { cmd: "auth", reasonCode } : { cmd: "auth", reasonCode, properties };
}

/** Success is the server's to say, re-authentication the client's to ask for (table 3-11). */
function checkSender(reader: Reader, reasonCode: number, role: Role): void {
	const wrong = role === "server" ? REASON.SUCCESS : REASON.RE_AUTHENTICATE;
	if (reasonCode === wrong) throw reader.protocolError(`a ${peerOf(role)} may not send 0x${reasonCode.toString(16)}`);
}
