import { ProtocolError, REASON } from "../codec/index.ts";
import type { Connection } from "./connection.ts";

/** Packet identifier and the empty properties of SUBACK and UNSUBACK in MQTT 5. */
const FIXED = 3;

/**
 * Throws if SUBACK or UNSUBACK with that many reason codes would be larger than the client takes: it must not be sent
 * then [MQTT-3.1.2-24], and a client that waits for it in vain is worse off than one that is told why.
 */
export function assertAnswerFits({ maximumPacketSize }: Connection, codes: number): void {
	const length = withHeader(FIXED + codes);
	if (length <= maximumPacketSize) return;
	const message = `The answer has ${length} bytes; the client takes ${maximumPacketSize}. Send fewer filters at a time.`;
	throw new ProtocolError(REASON.PACKET_TOO_LARGE, message);
}

/** The length of a packet by that of what follows its fixed header. */
function withHeader(remaining: number): number {
	let lengthBytes = 1;
	for (let rest = remaining; rest > 127; rest >>>= 7) lengthBytes++;
	return 1 + lengthBytes + remaining;
}
