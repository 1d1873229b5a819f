import type { Millis } from "../ports/index.ts";
import type { ActionQueue } from "./action-queue.ts";
import type { LimitName } from "./actions.ts";

/** A limit that is hit again within this time belongs to the same episode. */
const EPISODE: Millis = 60_000;

/** Reports limits that are hit: once for each episode, not for each message. */
export class Episodes {
	readonly #actions: ActionQueue;
	readonly #lastHit = new Map<LimitName, Millis>();

	constructor(actions: ActionQueue) {
		this.#actions = actions;
	}

	/** Notes that a limit of the whole broker was hit. */
	hit(limit: LimitName, now: Millis, message: string, clientId?: string): void {
		const last = this.#lastHit.get(limit);
		this.#lastHit.set(limit, now);
		if (last === undefined || now - last > EPISODE) this.report(limit, message, clientId);
	}

	/** Reports without asking whether the episode is new: for limits whose episodes are known better elsewhere. */
	report(limit: LimitName, message: string, clientId: string | undefined): void {
		this.#actions.event({ kind: "limit", limit, clientId, message });
	}
}
