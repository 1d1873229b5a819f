import type { QoS } from "../codec/index.ts";
import { FilterTrie, parseFilter } from "../topic/index.ts";
import type { DeliveryTerms } from "./delivery.ts";
import type { Session } from "./session.ts";
import { ShareGroup } from "./share-group.ts";
import type { Subscription } from "./subscription.ts";

/** One session that a topic reaches, through one or more of its subscriptions. */
export class Target {
	readonly session: Session;
	/** Whether some of the subscriptions exclude the session's own messages (No Local). */
	readonly hasNoLocal: boolean;
	/** Through which the session's own messages reach it, if that differs because of No Local; undefined: none. */
	readonly own: Target | undefined;
	/** The highest of the granted ones [MQTT-3.3.4-2]. */
	readonly #qos: QoS;
	readonly #retainAsPublished: boolean;
	/** Of all its matching subscriptions that have one [MQTT-3.3.4-3], [MQTT-3.3.4-4]. */
	readonly #identifiers: readonly number[] | undefined;
	/** The terms that were asked for, so that none are made per message. */
	readonly #terms: (DeliveryTerms | undefined)[] = [];

	/** Overlapping subscriptions become one target: the client gets one copy of each message. */
	constructor(session: Session, subscriptions: readonly Subscription[]) {
		const others = subscriptions.filter((subscription) => !subscription.noLocal);
		this.session = session;
		this.hasNoLocal = others.length < subscriptions.length;
		this.own = this.hasNoLocal && others.length > 0 ? new Target(session, others) : undefined;
		this.#qos = highestQoS(subscriptions);
		this.#retainAsPublished = subscriptions.some((subscription) => subscription.retainAsPublished);
		const identifiers = subscriptions.flatMap(({ identifier }) => identifier ?? []);
		this.#identifiers = identifiers.length === 0 ? undefined : identifiers;
	}

	/** How a message of this QoS and RETAIN flag is delivered. */
	terms(messageQoS: QoS, messageRetain: boolean): DeliveryTerms {
		const qos = messageQoS < this.#qos ? messageQoS : this.#qos;
		const retain = messageRetain && this.#retainAsPublished; // [MQTT-3.3.1-12], [MQTT-3.3.1-13]
		const index = qos * 2 + (retain ? 1 : 0);
		const known = this.#terms[index];
		if (known !== undefined) return known;
		const terms = { qos, retain, identifiers: this.#identifiers, share: undefined };
		this.#terms[index] = terms;
		return terms;
	}
}

/** Whom a topic reaches. */
export interface Route {
	readonly targets: readonly Target[];
	readonly groups: readonly ShareGroup[];
}

/** The subscriptions to one filter. */
interface FilterEntry {
	readonly direct: Map<Session, Subscription>;
	readonly groups: Map<string, ShareGroup>;
}

/** Who gets what: subscriptions by filter, and a bounded memory of the topics that were looked up since the last change. */
export class Routes {
	readonly #trie = new FilterTrie<FilterEntry>();
	readonly #known = new Map<string, Route>();
	/** Topics and targets in `#known`. */
	#knownSize = 0;
	readonly #knownLimit: number;
	readonly #permits: (session: Session, topic: string) => boolean;

	/** `permits` says whether a session may receive a topic; its answers are remembered until `forget`. */
	constructor(knownLimit: number, permits: (session: Session, topic: string) => boolean) {
		this.#knownLimit = knownLimit;
		this.#permits = permits;
	}

	add(subscription: Subscription): void {
		const { group, filter } = parseFilter(subscription.filter);
		let entry = this.#trie.get(filter);
		if (entry === undefined) {
			entry = { direct: new Map(), groups: new Map() };
			this.#trie.set(filter, entry);
		}
		if (group === undefined) entry.direct.set(subscription.session, subscription);
		else joinGroup(entry, group, subscription);
		this.forget();
	}

	remove(subscription: Subscription): void {
		const { group, filter } = parseFilter(subscription.filter);
		const entry = this.#trie.get(filter);
		if (entry === undefined) return;
		if (group === undefined) entry.direct.delete(subscription.session);
		else leaveGroup(entry, group, subscription);
		if (entry.direct.size === 0 && entry.groups.size === 0) this.#trie.delete(filter);
		this.forget();
	}

	/** The members of a shared subscription, given as `$share/NAME/FILTER`. */
	group(share: string): ShareGroup | undefined {
		const { group, filter } = parseFilter(share);
		return group === undefined ? undefined : this.#trie.get(filter)?.groups.get(group);
	}

	/** Forgets what was looked up: subscriptions or rights have changed. */
	forget(): void {
		if (this.#known.size > 0) this.#known.clear();
		this.#knownSize = 0;
	}

	/** The route of a topic that was looked up since the last change. */
	known(topic: string): Route | undefined {
		return this.#known.get(topic);
	}

	/** Looks a valid topic up. */
	find(topic: string): Route {
		const known = this.#known.get(topic);
		if (known !== undefined) return known;
		const route = this.#compute(topic);
		this.#knownSize += 1 + route.targets.length;
		if (this.#knownSize > this.#knownLimit) {
			this.#known.clear();
			this.#knownSize = 1 + route.targets.length;
		}
		this.#known.set(topic, route);
		return route;
	}

	#compute(topic: string): Route {
		const bySession = new Map<Session, Subscription[]>();
		const groups: ShareGroup[] = [];
		this.#trie.match(topic, (entry) => {
			for (const subscription of entry.direct.values()) addTo(bySession, subscription);
			groups.push(...entry.groups.values());
		});
		const targets: Target[] = [];
		for (const [session, subscriptions] of bySession) {
			if (this.#permits(session, topic)) targets.push(targetOf(session, subscriptions));
		}
		return { targets, groups };
	}
}

/** Most topics reach a session through one subscription: those share its target. */
function targetOf(session: Session, subscriptions: readonly Subscription[]): Target {
	const [only] = subscriptions;
	if (only === undefined || subscriptions.length > 1) return new Target(session, subscriptions);
	only.target ??= new Target(session, subscriptions);
	return only.target;
}

function joinGroup(entry: FilterEntry, name: string, subscription: Subscription): void {
	let group = entry.groups.get(name);
	if (group === undefined) {
		group = new ShareGroup();
		entry.groups.set(name, group);
	}
	group.join(subscription);
}

function leaveGroup(entry: FilterEntry, name: string, subscription: Subscription): void {
	const group = entry.groups.get(name);
	group?.leave(subscription.session);
	if (group?.size === 0) entry.groups.delete(name);
}

function addTo(bySession: Map<Session, Subscription[]>, subscription: Subscription): void {
	const others = bySession.get(subscription.session);
	if (others === undefined) bySession.set(subscription.session, [subscription]);
	else others.push(subscription);
}

function highestQoS(subscriptions: readonly Subscription[]): QoS {
	let qos: QoS = 0;
	for (const subscription of subscriptions) if (subscription.qos > qos) qos = subscription.qos;
	return qos;
}
