import type { BrokerLimits } from "../../../src/broker/index.ts";
import type { MqttOptions, Secret, TopicRule } from "../../../src/config/index.ts";
import type { LogLevel } from "../../../src/ports/index.ts";
import type { Endpoint } from "./endpoint.ts";

/** All that the hub can be told, checked, with paths made absolute. Deeply frozen. */
export interface HubSettings {
	/** Empty: no broker is started (`mqtt: broker:`). */
	readonly listeners: readonly ListenerSettings[];
	readonly auth: AuthSettings;
	readonly access: AccessSettings;
	/** The hub's own client, to a broker elsewhere. */
	readonly connection: MqttOptions | undefined;
	readonly bridges: readonly BridgeSettings[];
	readonly store: StoreSettings;
	readonly limits: LimitSettings;
	readonly log: LogSettings;
	readonly http: HttpSettings;
	/** Seconds between two publications of `$SYS`; 0 is off. */
	readonly sysInterval: number;
	/** Undefined: where the platform keeps such data. */
	readonly dataFolder: string | undefined;
}

export type ListenerType = "tcp" | "tls" | "ws" | "wss";

export interface ListenerSettings extends Endpoint {
	readonly name: string;
	readonly type: ListenerType;
	/** Lets clients in that give no user name. */
	readonly allowAnonymous: boolean;
	/** Undefined: as many as all listeners together may have. */
	readonly maxConnections: number | undefined;
	/** Of a longest packet, in bytes, where it is less than that of the broker. */
	readonly maxPacket: number | undefined;
	/** Of `tls` and `wss`. */
	readonly tls: ListenerTlsSettings | undefined;
	/** Of `ws` and `wss`. */
	readonly webSocket: WebSocketSettings | undefined;
}

export interface ListenerTlsSettings {
	/** A PEM file with the chain; `auto`: the certificate that `motehub cert` made. */
	readonly certificate: string;
	/** Undefined: in the certificate's file. */
	readonly key: string | undefined;
	/** What client certificates are checked against: a PEM file, a folder of them, and PEM text. */
	readonly clientCa: {
		readonly file: string | undefined;
		readonly folder: string | undefined;
		readonly text: string | undefined;
	};
	readonly clientCertificate: "ignored" | "optional" | "required";
	/** The name in the client certificate is the user's name. */
	readonly identityAsUsername: boolean;
	readonly minVersion: "1.2" | "1.3";
}

export interface WebSocketSettings {
	/** Undefined: any. */
	readonly path: string | undefined;
	/** Pages that may connect, as in the header `Origin`. Undefined: any. */
	readonly origins: readonly string[] | undefined;
}

export interface AuthSettings {
	/** False: a user name is believed without a password. */
	readonly checkPasswords: boolean;
	/** They go before those of the files. */
	readonly users: readonly UserSettings[];
	readonly passwordFiles: readonly string[];
	/** A user whose password the hub makes up and keeps in its data folder. */
	readonly generatedUser: string | undefined;
}

export interface UserSettings {
	readonly name: string;
	/** `hash`: as a password file has it. */
	readonly kind: "plain" | "hash";
	readonly secret: Secret;
}

export type AccessSettings =
	/** Everybody who gets in may do everything. */
	| { readonly kind: "open" }
	/** A Mosquitto ACL file. */
	| { readonly kind: "acl"; readonly file: string }
	| {
			readonly kind: "topics";
			/** Filters by user name, `anonymous` for clients without one. Undefined: everything. */
			readonly subscribe: FiltersByUser | undefined;
			readonly publish: FiltersByUser | undefined;
			/** HBMQTT's three forbidden topics. */
			readonly taboo: boolean;
	  };

export type FiltersByUser = readonly { readonly user: string; readonly filters: readonly string[] }[];

export interface BridgeSettings {
	readonly name: string;
	readonly connection: MqttOptions;
	readonly topics: readonly TopicRule[];
	/** False: the remote broker keeps messages for us while the bridge is down. */
	readonly cleanSession: boolean;
	/** Messages that wait here while the bridge is down, where that is less than the broker's limit. */
	readonly queueMessages: number;
}

export interface StoreSettings {
	readonly type: "lmdb" | "memory";
	/** Undefined: in the data folder. */
	readonly folder: string | undefined;
}

export interface LimitSettings {
	readonly broker: BrokerLimits;
	readonly connectionsPerAddress: number;
	/** PUBLISH packets a second from one client. Undefined: as fast as it goes. */
	readonly messagesPerSecond: number | undefined;
	/** The highest QoS that a subscription is granted. */
	readonly maxQos: 0 | 1 | 2;
}

export interface LogSettings {
	readonly level: LogLevel;
	/** `auto`: text on a terminal, JSON elsewhere. */
	readonly format: "auto" | "text" | "json";
}

export interface HttpSettings {
	/** Undefined: on the WebSocket listeners. */
	readonly bind: Endpoint | undefined;
	readonly metrics: boolean;
	readonly health: boolean;
}
