import type { ProtocolVersion } from "./packets.ts";

/** The side that decodes: what it receives was sent by the other one. */
export type Role = "client" | "server";

/** What packets are read under. */
export interface Rules {
	readonly role: Role;
	readonly version: ProtocolVersion;
	/** User properties that one packet, or its will, may have. */
	readonly maxUserProperties: number;
}

/** Who sends to this side. */
export function peerOf(role: Role): Role {
	return role === "server" ? "client" : "server";
}
