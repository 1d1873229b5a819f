import type { Context } from "./context.ts";
import type { Handlers } from "./on-packet.ts";
import type { Outgoing } from "./outgoing.ts";

/** Another manner of acknowledging messages of QoS 1 and 2 than that of a client which is their last receiver or first sender. */
export interface Exchange {
	/** For the packets of a broker that has accepted us. */
	readonly handlers: Handlers;
	/** For the messages that are published. */
	outgoing(context: Context): Outgoing;
}
