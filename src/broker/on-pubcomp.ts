import { type AckPacket, ProtocolError, REASON } from "../codec/index.ts";
import type { Broker } from "./broker.ts";
import { endFlight } from "./flight.ts";
import type { Session } from "./session.ts";

/** The client has forgotten the id of a QoS 2 message: the delivery is complete. */
export function onPubcomp(broker: Broker, session: Session, { messageId, reasonCode }: AckPacket): void {
	const outcome = session.inflight.acknowledge("pubcomp", messageId, reasonCode);
	if (outcome.kind === "done") endFlight(broker, session, outcome.record);
	if (outcome.kind === "unexpected") {
		throw new ProtocolError(REASON.PROTOCOL_ERROR, `PUBCOMP for ${messageId}, which was not released.`);
	}
}
