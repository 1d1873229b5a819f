import { type ConnectPacket, type ProtocolVersion, ServerDecoder } from "../codec/index.ts";
import type { Millis, Seconds } from "../ports/index.ts";
import type { ConnectionId, ConnectionInfo } from "./actions.ts";
import { Timer } from "./deadlines.ts";
import { Fifo } from "./fifo.ts";
import type { BrokerLimits } from "./limits.ts";
import { Output } from "./output.ts";
import type { Pace } from "./pace.ts";
import type { Session } from "./session.ts";
import { TopicAliases } from "./topic-aliases.ts";

/** Why what a connection sends is not handled, as bits. */
export const BLOCKED_BY = {
	/** CONNECT waits for the verdict. */
	AUTHENTICATION: 1,
	/** The store is behind. */
	STORE: 2,
	/** The client does not take what it is sent. */
	OUTPUT: 4,
	/** It publishes faster than it may. */
	PACE: 8,
} as const;

/** A packet that may leave once a batch is durable. */
export interface GatedPacket {
	readonly batch: number;
	readonly bytes: Uint8Array;
}

/** One network connection. */
export class Connection {
	readonly id: ConnectionId;
	readonly info: ConnectionInfo;
	/** The limits when it was opened: what CONNACK said of them must stay true. */
	readonly limits: BrokerLimits;
	/** Longest packet in bytes that the client may send. */
	readonly maxPacket: number;
	readonly decoder: ServerDecoder;
	readonly output = new Output();
	phase: "awaitingConnect" | "authenticating" | "online" | "closed" = "awaitingConnect";
	/** Kept until the client is accepted or refused: it holds the password. */
	connect: ConnectPacket | undefined;
	/** Set once it is online. */
	session: Session | undefined;

	/** The client's Maximum Packet Size in bytes. */
	maximumPacketSize = Number.POSITIVE_INFINITY;
	/** QoS 1 and 2 messages that may be unacknowledged towards the client. */
	sendWindow = 0;
	/** Whether reasons and user properties may be sent on every acknowledgement (Request Problem Information). */
	problemInformation = true;
	/** The method of enhanced authentication, if CONNECT named one. */
	authenticationMethod: string | undefined;
	isReauthenticating = false;
	/** What CONNACK says of retained messages. It holds for as long as the connection does. */
	retainAvailable = true;
	readonly incomingAliases = new Map<number, string>();
	readonly outgoingAliases = new TopicAliases();

	/** The keep alive that counts; 0: off. */
	keepAlive: Seconds = 0;
	lastReceived: Millis;
	/** Fires for a missing CONNECT, later for a missing sign of life. */
	readonly lifeTimer = new Timer<"life", Connection>("life", this);
	readonly stallTimer = new Timer<"stall", Connection>("stall", this);
	readonly paceTimer = new Timer<"pace", Connection>("pace", this);
	/** Undefined: until now it could publish as fast as it liked. */
	pace: Pace | undefined;

	/** Whether the host takes bytes. */
	writable = true;
	/** While above the last committed batch, nothing is sent: CONNACK waits for it. */
	holdUntil = 0;
	isHeld = false;
	/** Whether its session is to outlive it, and did not exist before. */
	isSessionNew = false;
	/** Acknowledgements that wait for the store, in order. */
	readonly gated = new Fifo<GatedPacket>();
	/** How many PUBACKs are among them: messages that count against the client's quota. */
	pubacksWaiting = 0;
	/** Bits of BLOCKED_BY. */
	blocked = 0;
	/** Whether the host was told not to read. */
	isPaused = false;
	/** Received bytes that wait while it is blocked. */
	readonly inbox = new Fifo<Uint8Array>();
	inboxBytes = 0;
	/** Whether it stands in the list of connections with output. */
	isDirty = false;

	constructor(id: ConnectionId, info: ConnectionInfo, limits: BrokerLimits, now: Millis) {
		this.id = id;
		this.info = info;
		this.lastReceived = now;
		this.limits = limits;
		const maxPacket = Math.min(info.maxPacket ?? limits.maxPacket, limits.maxPacket);
		this.maxPacket = maxPacket;
		// Until it is online: who has sent a CONNECT is still anybody.
		const maxConnect = Math.min(limits.maxConnect, maxPacket);
		const maxUserProperties = info.userProperties ?? limits.userProperties;
		this.decoder = new ServerDecoder({ maxPacket: maxConnect, maxUserProperties });
	}

	get version(): ProtocolVersion {
		return this.decoder.version;
	}

	/** Time without a sign of life after which the client counts as gone [MQTT-3.1.2-22]. */
	get idleLimit(): Millis {
		return this.keepAlive * 1500;
	}

	/** Whether messages may be sent now; if not, they wait in the session's bounded queue. */
	get isReady(): boolean {
		return this.writable && !this.isHeld && this.output.length < this.limits.outputBytes;
	}

	/** Whether it has so much output that the client must take some before it may cause more. */
	get isCongested(): boolean {
		return (!this.writable || this.isHeld) && this.output.length >= this.limits.outputBytes;
	}
}
