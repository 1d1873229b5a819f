import type { QoS } from "../codec/index.ts";
import type { Millis, Seconds } from "../ports/index.ts";

/** Every bound of the broker. What a limit refuses or drops is counted in the statistics and reported once an episode. */
export interface BrokerLimits {
	/** Connections at one time, with those that have not sent CONNECT. */
	readonly connections: number;
	/** Time from the opening of a connection to its accepted CONNECT. */
	readonly connectTimeout: Millis;
	/** Longest packet in bytes, fixed header included. */
	readonly maxPacket: number;
	/** The same until the client is accepted: anybody may send that much. */
	readonly maxConnect: number;
	/** Received bytes kept per connection while it may not be read from (authentication, store or its own output behind). */
	readonly inboxBytes: number;
	/** Bytes gathered for a connection before its queue waits for them to leave. */
	readonly outputBytes: number;
	/** How long a connection may refuse to take bytes before it is closed. */
	readonly stallTimeout: Millis;
	/** Sessions at one time, connected or not. */
	readonly sessions: number;
	/** Longest time that a session outlives its connection. 0xffffffff: for ever. */
	readonly sessionExpiry: Seconds;
	readonly subscriptionsPerClient: number;
	/** The highest QoS that a subscription is granted. */
	readonly maxQos: QoS;
	/** Messages waiting for one client. */
	readonly queueMessages: number;
	/** Bytes (topic and payload) of the messages waiting for one client. */
	readonly queueBytes: number;
	/** Unacknowledged QoS 1 and 2 messages on the way to one client. */
	readonly inflight: number;
	/** Unacknowledged QoS 1 and 2 messages on the way from one MQTT 5 client: its Receive Maximum. */
	readonly receiveMaximum: number;
	/** QoS 2 messages of one 3.x client, which knows no Receive Maximum, that it has not released. */
	readonly unreleased: number;
	/** Retained messages in all. 0: retaining is off, and CONNACK says so. */
	readonly retainedMessages: number;
	/** Bytes of all retained messages: topics, payloads, and their index. */
	readonly retainedBytes: number;
	/** Levels of a topic name or filter; at most MAX_LEVELS. */
	readonly topicLevels: number;
	/** User properties of one packet. */
	readonly userProperties: number;
	/** Topic aliases that a client may set: its Topic Alias Maximum. */
	readonly topicAliases: number;
	/** Topic aliases that the broker sets towards one client that accepts them. */
	readonly outgoingTopicAliases: number;
	/** PUBLISH packets a second from one client, which is read from more slowly above it. Infinity: as fast as it goes. */
	readonly messagesPerSecond: number;
	/** Topics whose routes are remembered, and the sessions that they lead to, counted together. */
	readonly routeCache: number;
	/** Bytes written to the store and not yet committed, before publishers wait. */
	readonly uncommittedBytes: number;
}

/**
 * Those that can change while the broker runs: the Maximum Packet Size, the Receive Maximum and the Topic Alias Maximum for
 * connections to come, for which MQTT 5 tells them in CONNACK.
 */
export const LIVE_LIMITS = [
	"connections",
	"connectTimeout",
	"maxPacket",
	"maxConnect",
	"stallTimeout",
	"sessions",
	"sessionExpiry",
	"subscriptionsPerClient",
	"maxQos",
	"queueMessages",
	"queueBytes",
	"inflight",
	"receiveMaximum",
	"retainedMessages",
	"retainedBytes",
	"topicLevels",
	"userProperties",
	"topicAliases",
	"messagesPerSecond",
] as const satisfies readonly (keyof BrokerLimits)[];

export type LiveLimits = Pick<BrokerLimits, (typeof LIVE_LIMITS)[number]>;

/** For a home: a Raspberry Pi survives them, and nobody meets them by accident. */
export const HUB_LIMITS: BrokerLimits = {
	connections: 10_000,
	connectTimeout: 10_000,
	maxPacket: 16_777_216,
	maxConnect: 65_536,
	inboxBytes: 262_144,
	outputBytes: 262_144,
	stallTimeout: 60_000,
	sessions: 50_000,
	sessionExpiry: 0xffff_ffff,
	subscriptionsPerClient: 10_000,
	maxQos: 2,
	queueMessages: 10_000,
	queueBytes: 16_777_216,
	inflight: 1_000,
	receiveMaximum: 1_000,
	unreleased: 16_384,
	retainedMessages: 200_000,
	retainedBytes: 268_435_456,
	topicLevels: 32,
	userProperties: 100,
	topicAliases: 64,
	outgoingTopicAliases: 32,
	messagesPerSecond: Number.POSITIVE_INFINITY,
	routeCache: 200_000,
	uncommittedBytes: 16_777_216,
};
