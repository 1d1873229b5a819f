import type { Millis, Random, Seconds } from "../ports/index.ts";
import type { AccessControl } from "./access.ts";
import type { BrokerLimits } from "./limits.ts";
import type { Passage } from "./passage.ts";
import type { StoreRecord } from "./store-write.ts";

export interface BrokerOptions {
	/** Merged over HUB_LIMITS. */
	readonly limits?: Partial<BrokerLimits>;
	/** For assigned client ids. */
	readonly random: Random;
	/** Default: everybody may do everything. */
	readonly access?: AccessControl;
	/** Default: every message goes on as it comes. */
	readonly passage?: Passage;
	/** The longest keep alive of MQTT 5 clients: those that ask for more, or for none, are told this one. Default: as they ask. */
	readonly serverKeepAlive?: Seconds;
	/** Response Information (MQTT 5 section 3.2.2.3.15) for clients that request it. */
	readonly responseInformation?: (clientId: string, username: string | undefined) => string | undefined;
	/** Methods of enhanced authentication that the host's `authenticate` can carry out. */
	readonly authenticationMethods?: readonly string[];
	/** What the store held, in the order of STORE_TABLES. */
	readonly state?: Iterable<StoreRecord>;
	/** The host's monotonic time at which `state` is loaded. Default 0. */
	readonly now?: Millis;
	/** Milliseconds since 1970 at monotonic time 0: what makes stored deadlines outlive the process (see `changeEpoch`). Default 0. */
	readonly epoch?: Millis;
}
