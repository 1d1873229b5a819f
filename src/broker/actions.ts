import type { ProtocolVersion, PublishProperties, QoS } from "../codec/index.ts";
import type { StoreWrite } from "./store-write.ts";

/** Chosen by the host, unique while in use. */
export type ConnectionId = number;

export interface ConnectionInfo {
	/** For logs: the peer's address, as the host prints it. */
	readonly address: string;
	/** The listener's name. */
	readonly listener: string;
	readonly transport: "tcp" | "tls" | "ws" | "wss";
	/** The subject of the client certificate, when one was asked for and verified. */
	readonly certificateName?: string;
	/** Longest packet in bytes that is taken on this connection, where that is less than the broker's limit. */
	readonly maxPacket?: number;
	/** Messages that wait for this client at most, where that is less than the broker's limit. */
	readonly queueMessages?: number;
	/** User properties of one packet, in the place of the broker's limit. */
	readonly userProperties?: number;
}

/** The host's answer to `authenticate`. */
export type AuthVerdict =
	| {
			readonly allow: true;
			/** The name whose rights count from now on, when it is not the user name of CONNECT. */
			readonly username?: string;
			/** Last data of an enhanced authentication, sent with CONNACK. */
			readonly data?: Uint8Array;
	  }
	| {
			readonly allow: false;
			/** A reason code of CONNACK in MQTT 5; the core maps it to what 3.x knows. */
			readonly reasonCode: number;
	  }
	| {
			/** Enhanced authentication goes on: what to send to the client. */
			readonly challenge: Uint8Array;
	  };

/** What a host may know of a session. */
export interface SessionInfo {
	readonly clientId: string;
	/** Whose rights count. */
	readonly username: string | undefined;
	/** What it has subscribed to, as in SUBSCRIBE. */
	readonly filters: readonly string[];
	/** Over which connection its client is connected. Undefined: it is away. */
	readonly info: ConnectionInfo | undefined;
}

/** A message of the host itself: $SYS, a bridge, a user of the library. Any topic name without wildcards will do. */
export interface LocalPublish {
	readonly topic: string;
	readonly payload: Uint8Array;
	readonly qos?: QoS;
	readonly retain?: boolean;
	readonly properties?: PublishProperties;
}

/** A client's message that the broker took: it had the right to publish it, and it is on its way to the subscribers. */
export interface PublishedMessage {
	readonly clientId: string;
	/** Whose rights counted. Undefined: an anonymous client, or the will of a session that was loaded from the store. */
	readonly username: string | undefined;
	readonly topic: string;
	/** A copy: it may be kept, and written to. */
	readonly payload: Uint8Array;
	readonly qos: QoS;
	/** Whether the client asked for it to be retained. */
	readonly retain: boolean;
	/** Of MQTT 5, without the topic alias, which the topic stands for. */
	readonly properties: PublishProperties | undefined;
	/** Published by the broker, because the client was lost. */
	readonly isWill: boolean;
}

/** What was dropped or refused because of a limit, once for each episode. */
export type LimitName =
	| "connections"
	| "connectTimeout"
	| "packetSize"
	| "userProperties"
	| "topicLevels"
	| "stallTimeout"
	| "sessions"
	| "queue"
	| "retained"
	| "subscriptions"
	| "inbox"
	| "clientPacketSize"
	| "messagesPerSecond";

/** What a client may not do: its PUBLISH, its will when it was to be published, or one filter of its SUBSCRIBE. */
export type DeniedAction = "publish" | "will" | "subscribe";

/** What happened, for logs and hooks. Holds no payload and no secret. */
export type BrokerEvent =
	| {
			readonly kind: "connected";
			readonly connection: ConnectionId;
			readonly clientId: string;
			readonly username: string | undefined;
			readonly version: ProtocolVersion;
			readonly sessionPresent: boolean;
			readonly keepAlive: number;
			readonly info: ConnectionInfo;
	  }
	| {
			readonly kind: "refused";
			readonly connection: ConnectionId;
			readonly clientId: string | undefined;
			/** Undefined: there was no CONNECT that could be read. */
			readonly version: ProtocolVersion | undefined;
			/** The MQTT 5 reason code, whichever version was spoken. */
			readonly reasonCode: number;
			readonly message: string;
			readonly info: ConnectionInfo;
	  }
	| {
			readonly kind: "disconnected";
			readonly connection: ConnectionId;
			readonly clientId: string;
			readonly version: ProtocolVersion;
			/** 0: by the client, in order. Otherwise the MQTT 5 reason code that says why, whichever version was spoken. */
			readonly reasonCode: number;
			readonly message: string;
			readonly info: ConnectionInfo;
	  }
	/** A defect of the broker itself; the connection was closed because of it. `message` is a stack, for the log. */
	| { readonly kind: "fault"; readonly connection: ConnectionId; readonly message: string }
	| { readonly kind: "sessionEnded"; readonly clientId: string }
	| { readonly kind: "subscribed"; readonly clientId: string; readonly filter: string; readonly qos: QoS }
	| { readonly kind: "unsubscribed"; readonly clientId: string; readonly filter: string }
	/** Also where the client is not told: 3.x has no refusal of a message. */
	| {
			readonly kind: "denied";
			readonly clientId: string;
			readonly username: string | undefined;
			readonly action: DeniedAction;
			/** A topic name; for `subscribe` the filter. */
			readonly topic: string;
			/** The MQTT 5 reason code, whichever version is spoken. */
			readonly reasonCode: number;
			readonly message: string;
			/** The client was refused so much within a minute that it is no news. */
			readonly isRepeated: boolean;
	  }
	| {
			readonly kind: "limit";
			readonly limit: LimitName;
			readonly clientId: string | undefined;
			readonly message: string;
	  };

/** What the host is to do. Drain with `poll` after every call, until undefined. */
export type BrokerAction =
	/** Write the chunks in order. They may be views on received bytes: write them before those are reused. */
	| { readonly kind: "send"; readonly connection: ConnectionId; readonly chunks: readonly Uint8Array[] }
	/** Close after what was sent. The connection's number is free from now on. */
	| { readonly kind: "close"; readonly connection: ConnectionId }
	/** Stop (false) or go on (true) reading from the connection. Bytes that arrive all the same are kept, to a bound. */
	| { readonly kind: "read"; readonly connection: ConnectionId; readonly flag: boolean }
	/** Answer with `authenticated`, whenever. */
	| {
			readonly kind: "authenticate";
			readonly connection: ConnectionId;
			readonly clientId: string;
			readonly username: string | undefined;
			readonly password: Uint8Array | undefined;
			readonly info: ConnectionInfo;
			/** Enhanced authentication (MQTT 5 section 4.12): the method, and the data of CONNECT or AUTH. */
			readonly method: string | undefined;
			readonly data: Uint8Array | undefined;
	  }
	/**
	 * Make the writes durable, all or none, after those of earlier batches; then call `committed`. One that is not urgent
	 * has retained messages of QoS 0 alone, which nobody was promised to keep: it may be put off until one that is.
	 */
	| {
			readonly kind: "commit";
			readonly batch: number;
			readonly writes: readonly StoreWrite[];
			readonly isUrgent: boolean;
	  }
	| { readonly kind: "event"; readonly event: BrokerEvent }
	/** Only while `announcePublished` says so. Of QoS 1 and 2 it is as durable as its acknowledgement says. */
	| { readonly kind: "published"; readonly message: PublishedMessage };
