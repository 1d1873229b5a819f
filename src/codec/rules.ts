import type { Packet, ProtocolVersion } from "./packets.ts";
import type { Reader } from "./reader.ts";

/**
 * The side that decodes: what it receives was sent by the other one. One object for each side and no table of both, so that
 * a device's flash has nothing of the server's.
 */
export interface Role {
	/** Who sends to this side. */
	readonly peer: "client" | "server";
	/** The same for messages. */
	readonly sender: string;
	/** Bit n is set if this side may receive control packet type n (section 2.1.2). */
	readonly receives: number;
	/** 1 at the first bytes that this side may receive in every version: spares what comes often the longer check. */
	readonly alwaysGood: Uint8Array;
	/** Reads the body of a packet that only this side receives. */
	readonly read: (reader: Reader, rules: Rules) => Packet;
}

/** What packets are read under. A CONNECT says how it goes on. */
export interface Rules {
	role: Role;
	version: ProtocolVersion;
	/** User properties that one packet, or its will, may have. */
	readonly maxUserProperties: number;
}
