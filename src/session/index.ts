export { type AckOutcome, type Flight, Inflight } from "./inflight.ts";
export { PacketIds } from "./packet-ids.ts";
export { ReceivedIds } from "./received.ts";
export { OUTGOING, type OutgoingStep } from "./transitions.ts";
