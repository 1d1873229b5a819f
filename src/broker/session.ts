import type { ProtocolVersion, Will } from "../codec/index.ts";
import type { Seconds } from "../ports/index.ts";
import { Inflight, PacketIds, ReceivedIds } from "../session/index.ts";
import type { ClientIdentity } from "./access.ts";
import type { ConnectionInfo } from "./actions.ts";
import type { Connection } from "./connection.ts";
import { Timer } from "./deadlines.ts";
import type { InflightRecord } from "./delivery.ts";
import { Fifo } from "./fifo.ts";
import { Queue } from "./queue.ts";
import type { Replay } from "./replay.ts";
import type { Subscription } from "./subscription.ts";

/** A session expiry interval that never passes (MQTT 5 section 3.1.2.11.2). */
export const NEVER: Seconds = 0xffff_ffff;

/** As many as there are. */
const PACKET_IDS = 65_535;

/** What the broker knows of one client, beyond its connection. */
export class Session implements ClientIdentity {
	/** Number in the store, never reused. */
	readonly id: number;
	readonly clientId: string;
	username: string | undefined;
	info: ConnectionInfo | undefined;
	version: ProtocolVersion;
	/** Seconds that it outlives its connection; 0: it ends with it. */
	expiryInterval: Seconds = 0;
	/** Undefined while the client is away. */
	connection: Connection | undefined;
	/** Of the present connection, or waiting for its delay. */
	will: Will | undefined;

	readonly subscriptions = new Map<string, Subscription>();
	readonly queue = new Queue();
	/** Sent and not acknowledged, in the order for sending again. */
	readonly inflight = new Inflight<InflightRecord>();
	readonly packetIds = new PacketIds();
	/** How many there may be is for each connection to say. */
	readonly received = new ReceivedIds(PACKET_IDS);
	/** In-flight records that the present connection has not been sent. */
	readonly resends = new Fifo<InflightRecord>();
	/** Retained messages to be sent for new subscriptions. */
	readonly replays = new Fifo<Replay>();
	/** Unacknowledged QoS 1 and 2 messages sent over the present connection. */
	outstanding = 0;

	/** The last batch with writes that the client's next acknowledgement must wait for. */
	batch = 0;
	/** True from the first message dropped for a full queue until the queue is empty. */
	isOverflowing = false;

	readonly expiryTimer = new Timer<"sessionExpiry", Session>("sessionExpiry", this);
	readonly willTimer = new Timer<"willDelay", Session>("willDelay", this);

	#lastNumber = 0;

	constructor(id: number, clientId: string, version: ProtocolVersion) {
		this.id = id;
		this.clientId = clientId;
		this.version = version;
	}

	/** Whether it outlives its connection: then the store has it. */
	get isLasting(): boolean {
		return this.expiryInterval > 0;
	}

	/** Whether another QoS 1 or 2 message may be sent (Receive Maximum). */
	get windowOpen(): boolean {
		return this.connection !== undefined && this.outstanding < this.connection.sendWindow;
	}

	/** Whether a QoS 1 or 2 message need not wait behind others. */
	get canSendAtOnce(): boolean {
		return this.connection?.isReady === true && this.windowOpen && this.queue.reliable === 0 && this.resends.size === 0;
	}

	/** Whether anything waits to be sent. */
	get hasWork(): boolean {
		return this.queue.size > 0 || this.resends.size > 0 || this.replays.size > 0;
	}

	/** A number that orders deliveries and names rows of the store, unique within the session. */
	nextNumber(): number {
		return ++this.#lastNumber;
	}

	/** Keeps numbers unique after loading a row with this one. */
	restoreNumber(number: number): void {
		if (number > this.#lastNumber) this.#lastNumber = number;
	}
}
