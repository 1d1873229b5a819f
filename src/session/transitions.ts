import type { AckCommand, QoS } from "../codec/index.ts";

/** Where an outgoing QoS 1 or 2 message stands: the packet of ours that the peer has yet to answer. */
export type OutgoingStep = "publishSent" | "relSent";

type Transitions = Readonly<Record<OutgoingStep, Readonly<Partial<Record<AckCommand, OutgoingStep | "done">>>>>;

/**
 * How the peer's acknowledgements move an outgoing message on (MQTT 5 sections 4.3.2 and 4.3.3). A pair that is
 * missing is a protocol error of the peer. A PUBREC for a released message is a retry after a lost PUBREL: answer it again.
 */
export const OUTGOING: Readonly<Record<QoS, Transitions>> = {
	0: { publishSent: {}, relSent: {} },
	1: { publishSent: { puback: "done" }, relSent: {} },
	2: { publishSent: { pubrec: "relSent" }, relSent: { pubrec: "relSent", pubcomp: "done" } },
};
