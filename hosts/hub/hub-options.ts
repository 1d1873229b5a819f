import type { AccessControl, BrokerLimits, Passage } from "../../src/broker/index.ts";
import type { Log, Seconds } from "../../src/ports/index.ts";
import { PlainUsers, passwordAuthenticator } from "./auth/index.ts";
import type { Authenticate } from "./authenticator.ts";
import type { ListenerOptions } from "./listener-options.ts";
import type { HttpOptions } from "./operation/index.ts";
import type { HubStore } from "./store/index.ts";

export interface HubOptions {
	/** By name. Default: `default`, tcp on 127.0.0.1:1883, and `websocket`, ws on 127.0.0.1:8080. */
	readonly listeners?: Readonly<Record<string, ListenerOptions>>;
	/** Passwords by user name; after wrong ones from one address further ones wait. Default: none. */
	readonly users?: Readonly<Record<string, string>>;
	/** Lets clients in that give no user name, where the listener does not say otherwise. Default false. */
	readonly allowAnonymous?: boolean;
	/** Decides instead of `users` and `allowAnonymous`. */
	readonly authenticate?: Authenticate;
	/** Methods of enhanced authentication (MQTT 5 section 4.12) that `authenticate` can carry out. Default: none. */
	readonly authenticationMethods?: readonly string[];
	/** What clients may publish, subscribe to and be sent. Default: everything. */
	readonly access?: AccessControl;
	/** Looks at each message that comes in. Default: all go on as they come. */
	readonly passage?: Passage;
	/** Merged over HUB_LIMITS. */
	readonly limits?: Partial<BrokerLimits>;
	/** The longest keep alive of MQTT 5 clients in seconds: who asks for more, or for none, is told this one. */
	readonly serverKeepAlive?: Seconds;
	/** Connections from one address at one time. Default: CONNECTIONS_PER_ADDRESS. */
	readonly connectionsPerAddress?: number;
	/** Seconds between two publications of `$SYS`; 0: none. Default 10. */
	readonly sysInterval?: Seconds;
	/** Metrics and health. Default: on the WebSocket listeners. */
	readonly http?: HttpOptions;
	/** Default: nothing outlives the process. */
	readonly store?: HubStore;
	/** Default: silent. */
	readonly log?: Log;
}

export const DEFAULT_LISTENERS: Readonly<Record<string, ListenerOptions>> = {
	default: { type: "tcp", port: 1883 },
	websocket: { type: "ws", port: 8080 },
};

/** Who is let in, as the options say. */
export function authenticatorOf(options: HubOptions): Authenticate {
	if (options.authenticate !== undefined) return options.authenticate;
	const { listeners = DEFAULT_LISTENERS, allowAnonymous = false, users = {}, log } = options;
	return passwordAuthenticator(
		new PlainUsers(users),
		({ listener }) => listeners[listener]?.allowAnonymous ?? allowAnonymous,
		{ log },
	);
}
