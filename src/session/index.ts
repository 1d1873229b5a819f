export { Fifo } from "./fifo.ts";
export { type AckOutcome, Inflight, type InflightRecord } from "./inflight.ts";
export { PacketIds } from "./packet-ids.ts";
export { ReceivedIds } from "./received.ts";
export { OUTGOING, type OutgoingStep } from "./transitions.ts";
