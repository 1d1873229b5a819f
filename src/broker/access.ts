import type { QoS } from "../codec/index.ts";
import type { ConnectionInfo } from "./actions.ts";

/** Who asks. Compare as bytes or text: a client id or user name can hold any character, also `/`, `+` and `#`. */
export interface ClientIdentity {
	readonly clientId: string;
	readonly username: string | undefined;
	/** Of the present or last connection; undefined for a session that was loaded from the store. */
	readonly info: ConnectionInfo | undefined;
}

/**
 * Rights, asked synchronously. Answers must depend on the arguments alone, until the host calls
 * `BrokerCore.rightsChanged`: the core remembers delivery rights per topic.
 */
export interface AccessControl {
	/** Asked for every PUBLISH of a client, and for its will when it is published. */
	authorizePublish(client: ClientIdentity, topic: string, qos: QoS, retain: boolean): boolean;
	/**
	 * Asked for every filter of a SUBSCRIBE. A shared subscription's filter comes without its `$share/NAME/`. Instead of
	 * false, the answer may be the reason code with which MQTT 5 is refused: one of SUBACK from 0x80 (section 3.9.3).
	 */
	authorizeSubscribe(client: ClientIdentity, filter: string, qos: QoS): boolean | number;
	/** Asked before a message goes to a client, also for retained messages. */
	authorizeDelivery(client: ClientIdentity, topic: string): boolean;
}

/** Everybody may do everything. */
export const ALLOW_ALL: AccessControl = {
	authorizePublish: () => true,
	authorizeSubscribe: () => true,
	authorizeDelivery: () => true,
};
