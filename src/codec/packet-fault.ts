import { NAMES } from "./control.ts";
import { ProtocolError } from "./errors.ts";

/** What is wrong with a packet of this type that has arrived. */
export function packetFault(packetType: number, reasonCode: number, what: string): ProtocolError {
	return new ProtocolError(reasonCode, `${NAMES[packetType]}: ${what}.`);
}
