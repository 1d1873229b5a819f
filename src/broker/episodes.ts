import type { Millis } from "../ports/index.ts";
import type { ActionQueue } from "./action-queue.ts";
import type { LimitName } from "./actions.ts";
import type { BrokerStats } from "./stats.ts";

/** A limit that is hit again within this time belongs to the same episode. */
const EPISODE: Millis = 60_000;

/** Counts the limits that are hit, and reports them: once for each episode, not for each message. */
export class Episodes {
	readonly #actions: ActionQueue;
	readonly #stats: BrokerStats;
	readonly #lastHit = new Map<LimitName, Millis>();

	constructor(actions: ActionQueue, stats: BrokerStats) {
		this.#actions = actions;
		this.#stats = stats;
	}

	/** Notes that a limit of the whole broker was hit. */
	hit(limit: LimitName, now: Millis, message: string, clientId?: string): void {
		this.count(limit);
		const last = this.#lastHit.get(limit);
		this.#lastHit.set(limit, now);
		if (last === undefined || now - last > EPISODE) this.report(limit, message, clientId);
	}

	/** Counts without a report. */
	count(limit: LimitName): void {
		this.#stats.limitHits[limit]++;
	}

	/** Reports without asking whether the episode is new: for limits whose episodes are known better elsewhere. */
	report(limit: LimitName, message: string, clientId: string | undefined): void {
		this.#actions.event({ kind: "limit", limit, clientId, message });
	}
}
