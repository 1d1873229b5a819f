import { type AckPacket, ProtocolError, REASON } from "../codec/index.ts";
import type { Broker } from "./broker.ts";
import { endFlight } from "./flight.ts";
import type { Session } from "./session.ts";

/** The client has, or refuses, a QoS 1 message. */
export function onPuback(broker: Broker, session: Session, { messageId, reasonCode }: AckPacket): void {
	const outcome = session.inflight.acknowledge("puback", messageId, reasonCode);
	if (outcome.kind === "done") endFlight(broker, session, outcome.record);
	if (outcome.kind === "unexpected") {
		throw new ProtocolError(REASON.PROTOCOL_ERROR, `PUBACK for ${messageId}, which was sent at QoS 2.`);
	}
	// Unknown ids are passed over: the message may have been given up, or sent to another member of a share.
}
