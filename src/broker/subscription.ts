import type { QoS } from "../codec/index.ts";
import type { Target } from "./routes.ts";
import type { Session } from "./session.ts";

/** One session's subscription to one filter. */
export interface Subscription {
	readonly session: Session;
	/** As subscribed, with `$share/NAME/` if shared. */
	readonly filter: string;
	/** The granted maximum. */
	readonly qos: QoS;
	readonly noLocal: boolean;
	readonly retainAsPublished: boolean;
	readonly identifier: number | undefined;
	/** Number in the store, unique within the session. */
	readonly number: number;
	/** What topics reach that match no other subscription of the session; made when first needed. */
	target?: Target;
	/** Retained messages are still to be sent for it. */
	replaying: boolean;
}
