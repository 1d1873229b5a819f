import type { LimitName } from "./actions.ts";

/** Counters since the start (totals) and present counts (gauges, marked), for $SYS and metrics. Read only for hosts. */
export class BrokerStats {
	/** Gauge: open connections, accepted or not. */
	connections = 0;
	connectionsTotal = 0;
	/** CONNECT packets of a version that is spoken here. */
	connectsReceived = 0;
	/** CONNECTs refused and connections turned away. */
	connectionsRefused = 0;
	/** Gauge: clients connected. */
	clientsConnected = 0;
	/** The most clients that were connected at one time. */
	clientsMaximum = 0;
	/** Gauge: sessions, connected or not. */
	sessions = 0;
	/** Sessions that ended because their expiry interval passed. */
	sessionsExpired = 0;

	bytesReceived = 0;
	bytesSent = 0;
	packetsReceived = 0;
	packetsSent = 0;
	publishReceived = 0;
	publishSent = 0;
	publishBytesReceived = 0;
	publishBytesSent = 0;
	/** Messages lost to a bound: full queue, larger than the client takes, retained store full. */
	publishDropped = 0;
	/** Messages whose expiry interval passed before they were delivered. */
	publishExpired = 0;
	/** PUBLISH packets refused: not authorized, invalid topic, quota. */
	publishRefused = 0;

	/** Gauge: subscriptions, shared ones included. */
	subscriptions = 0;
	/** Gauge. */
	sharedSubscriptions = 0;
	/** Gauge. */
	retainedMessages = 0;
	/** Gauge: bytes of topics and payloads. */
	retainedBytes = 0;
	/** Gauge: messages waiting for clients, counted once for each. */
	queuedMessages = 0;
	/** Gauge: bytes of topics and payloads of the waiting messages, counted once for each client. */
	queuedBytes = 0;
	/** Gauge: QoS 1 and 2 messages on the way to clients, not acknowledged. */
	inflightMessages = 0;
	/** Gauge: messages that the store keeps for queues, in-flight tables and as retained ones. */
	storedMessages = 0;
	/** Gauge: bytes of payloads of the stored messages. */
	storedBytes = 0;

	/** How often each limit dropped, refused or held back something. */
	readonly limitHits: Record<LimitName, number> = {
		connections: 0,
		connectTimeout: 0,
		packetSize: 0,
		userProperties: 0,
		topicLevels: 0,
		stallTimeout: 0,
		sessions: 0,
		queue: 0,
		retained: 0,
		subscriptions: 0,
		inbox: 0,
		clientPacketSize: 0,
		messagesPerSecond: 0,
	};

	willsPublished = 0;
	/** Protocol errors of connected clients. */
	protocolErrors = 0;
}
