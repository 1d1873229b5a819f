import type { Millis, Random, Seconds } from "../ports/index.ts";
import type { AccessControl } from "./access.ts";
import type { ActionQueue } from "./action-queue.ts";
import type { ConnectionId } from "./actions.ts";
import type { Announcements } from "./announcements.ts";
import type { Connection } from "./connection.ts";
import type { Deadlines, Timer } from "./deadlines.ts";
import type { Denials } from "./denials.ts";
import type { Episodes } from "./episodes.ts";
import type { Journal } from "./journal.ts";
import type { BrokerLimits } from "./limits.ts";
import type { Message } from "./message.ts";
import type { Passage } from "./passage.ts";
import type { RecordWriter } from "./record-writer.ts";
import type { RetainedMessages } from "./retained.ts";
import type { Routes } from "./routes.ts";
import type { Session } from "./session.ts";
import type { Slab } from "./slab.ts";
import type { BrokerStats } from "./stats.ts";

/** The rows of the table of deadlines. */
export type BrokerTimer =
	| Timer<"life" | "stall" | "pace", Connection>
	| Timer<"sessionExpiry" | "willDelay", Session>
	| Timer<"retainedExpiry", Message>;

/** The parts of the broker, as every handler gets them. */
export interface Broker {
	/** The time of the call that is being handled. */
	now: Millis;
	/** Milliseconds since 1970 at monotonic time 0, as far as is known: the system's clock may be set. */
	epoch: Millis;
	/** Another object after each change: a connection holds on to those of its beginning. */
	limits: BrokerLimits;
	readonly random: Random;
	readonly access: AccessControl;
	readonly passage: Passage;
	readonly serverKeepAlive: Seconds | undefined;
	readonly authenticationMethods: readonly string[];
	readonly responseInformation: (clientId: string, username: string | undefined) => string | undefined;

	readonly connections: Map<ConnectionId, Connection>;
	/** By client id. */
	readonly sessions: Map<string, Session>;
	readonly routes: Routes;
	readonly retained: RetainedMessages;
	readonly deadlines: Deadlines<BrokerTimer>;
	readonly journal: Journal;
	readonly recordWriter: RecordWriter;
	/** For copies of messages in flight. */
	readonly slab: Slab;
	/** Connections with packets that wait for the journal. */
	readonly waiting: Set<Connection>;
	/** Connections that are not read from until the journal has caught up. */
	readonly behind: Set<Connection>;
	readonly actions: ActionQueue;
	readonly announcements: Announcements;
	readonly denials: Denials;
	readonly episodes: Episodes;
	readonly stats: BrokerStats;
	/** The last number that was given to a session or a stored message. */
	lastId: number;
	/** False while the host's store refuses writes (disk full): what would need it is refused. */
	isStoreAvailable: boolean;
	isShutDown: boolean;
}
