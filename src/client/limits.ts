/** The bound of every buffer of the client. */
export interface ClientLimits {
	/**
	 * The longest packet that is taken from the broker, in bytes; a longer one ends the connection. MQTT 5 brokers are
	 * told. May exceed the memory: payloads above `streamAbove` are never held.
	 */
	readonly maxPacket: number;
	/** A payload of more than this many bytes comes in pieces, to stream handlers only. */
	readonly streamAbove: number;
	/** QoS 1 and 2 messages on their way at a time, in each direction; as Receive Maximum told to MQTT 5 brokers. */
	readonly maxInflight: number;
	/** Messages in the outbox, those in flight included. */
	readonly outboxMessages: number;
	/** Bytes of the outbox: topics, payloads that are in memory, and `MESSAGE_OVERHEAD` for each message. */
	readonly outboxBytes: number;
	/** Different topic filters subscribed to. */
	readonly maxSubscriptions: number;
	/** Packets handled, and messages sent, before the event loop gets its turn (watchdogs bite otherwise). */
	readonly packetsPerTurn: number;
	/** Received bytes that may wait for their turn where the transport cannot be held; above it, turns become longer. */
	readonly backlogBytes: number;
	/** Topic aliases that an MQTT 5 broker may set: each keeps one topic name in memory. */
	readonly topicAliases: number;
	/** Topics, of up to 256 characters, whose handlers are remembered, so that the filters are not searched for each message. */
	readonly routeCache: number;
}

/** Sized for the heap of an ESP32. */
export const DEVICE_LIMITS: ClientLimits = {
	maxPacket: 4_194_304,
	streamAbove: 4_096,
	maxInflight: 8,
	outboxMessages: 32,
	outboxBytes: 16_384,
	maxSubscriptions: 32,
	packetsPerTurn: 16,
	backlogBytes: 16_384,
	topicAliases: 8,
	routeCache: 16,
};
