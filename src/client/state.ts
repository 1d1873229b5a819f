import type { Millis } from "../ports/index.ts";
import type { Protocol } from "./ladder.ts";

/** Where the connection stood when it failed. `connect`: CONNECT was sent, CONNACK awaited. */
export type Phase = "dns" | "tcp" | "tls" | "websocket" | "connect" | "online";

/** Why there is no connection. */
export interface DisconnectReason {
	readonly phase: Phase;
	/** The version that was spoken, or would have been. */
	readonly protocol: Protocol;
	/** The return code (3.x) or reason code (5) of CONNACK, or the reason code of a DISCONNECT. */
	readonly code?: number | undefined;
	/** For a person. */
	readonly message: string;
}

export type ClientState =
	/** `attempt`: 1 for the first since the last stable connection. */
	| { readonly kind: "connecting"; readonly attempt: number; readonly protocol: Protocol }
	| {
			readonly kind: "online";
			readonly protocol: Protocol;
			readonly sessionPresent: boolean;
			/** The id in use: shortened for 3.1, or assigned by the broker. */
			readonly clientId: string;
	  }
	| { readonly kind: "offline"; readonly reason: DisconnectReason; readonly retryIn: Millis }
	/** Also before `start`. */
	| { readonly kind: "ended"; readonly reason?: DisconnectReason | undefined };
