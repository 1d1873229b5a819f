import { filterMatches, parseFilter } from "../topic/index.ts";
import { covers } from "./covers.ts";
import type { AccessTable, Identity, Rights } from "./rights.ts";

/** HBMQTT's `topic-check`: filters by user name, `anonymous` for clients without one. */
export interface TopicCheckRules {
	/** What each user may subscribe to, and so receive; undefined: everything. A user who is not in it: nothing. */
	readonly subscribe: ReadonlyMap<string, readonly string[]> | undefined;
	/** What each user may publish to (aMQTT's `publish-acl`); undefined: everything, as in HBMQTT. */
	readonly publish: ReadonlyMap<string, readonly string[]> | undefined;
	/** HBMQTT's example plugin `topic_taboo`: three topics that only the user `admin` may subscribe to. */
	readonly taboo: boolean;
}

const TABOO = ["prohibited", "top-secret", "data/classified"];

export class TopicCheckTable implements AccessTable {
	readonly #rules: TopicCheckRules;

	constructor(rules: TopicCheckRules) {
		this.#rules = rules;
	}

	rightsOf(identity: Identity): Rights {
		const { subscribe, publish, taboo } = this.#rules;
		const user = identity.username ?? "anonymous";
		return new TopicCheckRights(
			subscribe === undefined ? undefined : (subscribe.get(user) ?? []),
			publish === undefined ? undefined : (publish.get(user) ?? []),
			taboo && user !== "admin" ? TABOO : [],
		);
	}
}

class TopicCheckRights implements Rights {
	readonly #subscribe: readonly string[] | undefined;
	readonly #publish: readonly string[] | undefined;
	readonly #taboo: readonly string[];

	constructor(
		subscribe: readonly string[] | undefined,
		publish: readonly string[] | undefined,
		taboo: readonly string[],
	) {
		this.#subscribe = subscribe;
		this.#publish = publish;
		this.#taboo = taboo;
	}

	canPublish(topic: string): boolean {
		return this.#publish?.some((filter) => filterMatches(filter, topic)) ?? true;
	}

	/** HBMQTT looks at the SUBSCRIBE alone; here a subscription from before the rules were changed gets nothing more. */
	canRead(topic: string): boolean {
		if (this.#taboo.includes(topic)) return false;
		return this.#subscribe?.some((filter) => filterMatches(filter, topic)) ?? true;
	}

	/** One allowed filter must cover all of what is asked for: `a/+` does not allow `a/#`. */
	canSubscribe(asked: string): boolean {
		const { filter } = parseFilter(asked);
		if (this.#taboo.includes(filter)) return false;
		return this.#subscribe?.some((allowed) => covers(allowed, filter)) ?? true;
	}
}
