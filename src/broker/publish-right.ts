import { type QoS, REASON } from "../codec/index.ts";
import type { Broker } from "./broker.ts";
import type { CloseReason } from "./close.ts";
import type { Session } from "./session.ts";
import { isReserved } from "./topic-fault.ts";

const RESERVED: CloseReason = {
	reasonCode: REASON.NOT_AUTHORIZED,
	message: "Only the broker itself publishes to $SYS.",
};
const NO_RIGHT: CloseReason = {
	reasonCode: REASON.NOT_AUTHORIZED,
	message: "The client may not publish to this topic.",
};

/** Why a client may not publish there, itself or by its will; undefined: it may. */
export function publishDenial(
	{ access }: Broker,
	session: Session,
	topic: string,
	qos: QoS,
	isRetained: boolean,
): CloseReason | undefined {
	if (isReserved(topic)) return RESERVED;
	return access.authorizePublish(session, topic, qos, isRetained) ? undefined : NO_RIGHT;
}
