import type { TopicRule } from "../../../src/config/index.ts";
import { filterMatches } from "../../../src/topic/index.ts";

type Side = "local" | "remote";

/** Where a message goes on the other side. */
export interface Mapped {
	readonly topic: string;
	/** The highest QoS with which it goes there. */
	readonly qos: 0 | 1 | 2;
}

/** One direction of a bridge's rules. */
export class TopicMap {
	/** What to subscribe to on the side where messages come from. */
	readonly subscriptions: readonly { readonly filter: string; readonly qos: 0 | 1 | 2 }[];
	readonly #rules: readonly TopicRule[];
	readonly #from: Side;

	constructor(rules: readonly TopicRule[], direction: "in" | "out") {
		this.#from = direction === "out" ? "local" : "remote";
		this.#rules = rules.filter((rule) => rule.direction === direction || rule.direction === "both");
		this.subscriptions = this.#rules.map((rule) => ({ filter: prefix(rule, this.#from) + rule.filter, qos: rule.qos }));
	}

	/** The filters of the subscriptions. */
	get filters(): readonly string[] {
		return this.subscriptions.map(({ filter }) => filter);
	}

	/** By the first rule that matches. Undefined: the message stays where it is. */
	map(topic: string): Mapped | undefined {
		const rule = this.#rules.find((each) => filterMatches(prefix(each, this.#from) + each.filter, topic));
		if (rule === undefined) return undefined;
		const to = this.#from === "local" ? "remote" : "local";
		return { topic: prefix(rule, to) + topic.slice(prefix(rule, this.#from).length), qos: rule.qos };
	}

	/** Whether messages on this topic are carried. */
	carries(topic: string): boolean {
		return this.map(topic) !== undefined;
	}
}

function prefix(rule: TopicRule, side: Side): string {
	return side === "local" ? rule.localPrefix : rule.remotePrefix;
}
