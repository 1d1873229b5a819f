import type { BrokerStats } from "../../../src/broker/index.ts";
import type { Seconds } from "../../../src/ports/index.ts";

/** What the topics are made of. */
export interface SysFacts {
	readonly version: string;
	readonly uptime: Seconds;
	readonly stats: Readonly<BrokerStats>;
	/** Bytes of memory in use now, and the most that were. */
	readonly heap: number;
	readonly heapMaximum: number;
}

type Read<T> = (facts: SysFacts) => T;

/** The topics below `$SYS/broker/`: names and values are Mosquitto 2.0's. */
export const SYS_TOPICS: Readonly<Record<string, Read<string | number>>> = {
	version: ({ version }) => `motehub version ${version}`,
	uptime: ({ uptime }) => `${Math.floor(uptime)} seconds`,
	"clients/total": ({ stats }) => stats.sessions,
	"clients/maximum": ({ stats }) => stats.clientsMaximum,
	"clients/inactive": ({ stats }) => stats.sessions - stats.clientsConnected,
	"clients/disconnected": ({ stats }) => stats.sessions - stats.clientsConnected,
	"clients/active": ({ stats }) => stats.clientsConnected,
	"clients/connected": ({ stats }) => stats.clientsConnected,
	"clients/expired": ({ stats }) => stats.sessionsExpired,
	"messages/stored": ({ stats }) => stats.storedMessages,
	"messages/received": ({ stats }) => stats.packetsReceived,
	"messages/sent": ({ stats }) => stats.packetsSent,
	"store/messages/count": ({ stats }) => stats.storedMessages,
	"store/messages/bytes": ({ stats }) => stats.storedBytes,
	"subscriptions/count": ({ stats }) => stats.subscriptions - stats.sharedSubscriptions,
	"shared_subscriptions/count": ({ stats }) => stats.sharedSubscriptions,
	"retained messages/count": ({ stats }) => stats.retainedMessages,
	"heap/current": ({ heap }) => heap,
	"heap/maximum": ({ heapMaximum }) => heapMaximum,
	"publish/messages/dropped": ({ stats }) => stats.publishDropped,
	"publish/messages/received": ({ stats }) => stats.publishReceived,
	"publish/messages/sent": ({ stats }) => stats.publishSent,
	"publish/bytes/received": ({ stats }) => stats.publishBytesReceived,
	"publish/bytes/sent": ({ stats }) => stats.publishBytesSent,
	"bytes/received": ({ stats }) => stats.bytesReceived,
	"bytes/sent": ({ stats }) => stats.bytesSent,
};

/** The counters whose growth is below `$SYS/broker/load/`. */
export const LOAD_TOPICS: Readonly<Record<string, Read<number>>> = {
	"messages/received": ({ stats }) => stats.packetsReceived,
	"messages/sent": ({ stats }) => stats.packetsSent,
	"publish/dropped": ({ stats }) => stats.publishDropped,
	"publish/received": ({ stats }) => stats.publishReceived,
	"publish/sent": ({ stats }) => stats.publishSent,
	"bytes/received": ({ stats }) => stats.bytesReceived,
	"bytes/sent": ({ stats }) => stats.bytesSent,
	sockets: ({ stats }) => stats.connectionsTotal,
	connections: ({ stats }) => stats.connectsReceived,
};
