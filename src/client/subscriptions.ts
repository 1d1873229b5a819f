import { encodeUtf8, type PublishHeader, type QoS } from "../codec/index.ts";
import { FilterTrie, parseFilter } from "../topic/index.ts";
import { fnv1a } from "./hash.ts";
import type { ClientLimits } from "./limits.ts";
import type { MessageHandler, StreamHandler, SubscribeDone, SubscribeOptions } from "./message.ts";

/** One call of `subscribe`. */
export interface Registration {
	readonly entry: SubscriptionEntry;
	readonly handler: MessageHandler;
	readonly stream: StreamHandler | undefined;
	/** Undefined once called. */
	done: SubscribeDone | undefined;
}

/** A filter and everyone who subscribed to it. */
export interface SubscriptionEntry {
	/** As in SUBSCRIBE, `$share/…` included. */
	readonly filter: string;
	/** The Subscription Identifier (MQTT 5 section 3.8.2.1.2). */
	readonly identifier: number;
	readonly registrations: Registration[];
	qos: QoS;
	nl: boolean;
	rap: boolean;
	rh: 0 | 1 | 2;
}

/** Who takes a message: each handler once, however many filters lead to it. */
export interface Route {
	readonly handlers: readonly MessageHandler[];
	readonly streams: readonly StreamHandler[];
}

const LARGEST_IDENTIFIER = 0x0fff_ffff;

/** Handlers by topic filter. */
export class Subscriptions {
	readonly #limits: ClientLimits;
	readonly #entries = new Map<string, SubscriptionEntry>();
	readonly #byIdentifier = new Map<number, SubscriptionEntry>();
	/** By the filter that topics match: `$share/…` taken off, so that two subscriptions can share a node. */
	readonly #trie = new FilterTrie<readonly SubscriptionEntry[]>();
	/** Routes of topics seen lately. */
	readonly #routes = new Map<string, Route>();
	/**
	 * Whether the broker's session is of an earlier life of ours, whose subscriptions, and so identifiers, may have been
	 * others.
	 */
	isInherited = false;

	constructor(limits: ClientLimits) {
		this.#limits = limits;
	}

	get(filter: string): SubscriptionEntry | undefined {
		return this.#entries.get(filter);
	}

	values(): IterableIterator<SubscriptionEntry> {
		return this.#entries.values();
	}

	/** Adds a handler. A filter subscribed to again takes the new options, and the higher QoS. Undefined: no room. */
	add(
		filter: string,
		handler: MessageHandler,
		options: SubscribeOptions,
		done: SubscribeDone | undefined,
	): Registration | undefined {
		const entry = this.#entries.get(filter) ?? this.enter(filter);
		if (entry === undefined) return undefined;
		const { qos = 0, nl = false, rap = false, rh = 0, stream } = options;
		entry.qos = Math.max(entry.qos, qos) as QoS;
		entry.nl = nl;
		entry.rap = rap;
		entry.rh = rh;
		const registration: Registration = { entry, handler, stream, done };
		entry.registrations.push(registration);
		this.#routes.clear();
		return registration;
	}

	/** Removes a handler. True: it was the last one of its filter, which is gone too. */
	remove(registration: Registration): boolean {
		const { entry } = registration;
		const index = entry.registrations.indexOf(registration);
		if (index < 0) return false;
		entry.registrations.splice(index, 1);
		this.#routes.clear();
		if (entry.registrations.length > 0) return false;
		this.leave(entry);
		return true;
	}

	/**
	 * Who takes a message. A broker may send it once for each subscription that matches (MQTT 5 section 3.3.4); by the
	 * identifiers that MQTT 5 adds, each copy goes to the handlers of its own subscription alone.
	 */
	routeOf(topic: string, header: PublishHeader): Route {
		const identifiers = header.properties?.subscriptionIdentifier;
		if (identifiers === undefined) return this.route(topic);
		const entries = identifiers.flatMap((identifier) => this.#byIdentifier.get(identifier) ?? []);
		return entries.length === 0 && this.isInherited ? this.route(topic) : routeTo(entries);
	}

	/** Who takes the messages of a topic. */
	route(topic: string): Route {
		const known = this.#routes.get(topic);
		if (known !== undefined) return known;
		const matching: SubscriptionEntry[] = [];
		this.#trie.match(topic, (entries) => matching.push(...entries));
		const route = routeTo(matching);
		if (this.#routes.size >= this.#limits.routeCache) this.#routes.clear();
		this.#routes.set(topic, route);
		return route;
	}

	private enter(filter: string): SubscriptionEntry | undefined {
		if (this.#entries.size >= this.#limits.maxSubscriptions) return undefined;
		const identifier = this.identifierFor(filter);
		const entry: SubscriptionEntry = { filter, identifier, registrations: [], qos: 0, nl: false, rap: false, rh: 0 };
		this.#entries.set(filter, entry);
		this.#byIdentifier.set(identifier, entry);
		const matched = parseFilter(filter).filter;
		this.#trie.set(matched, [...(this.#trie.get(matched) ?? []), entry]);
		return entry;
	}

	private leave(entry: SubscriptionEntry): void {
		this.#entries.delete(entry.filter);
		this.#byIdentifier.delete(entry.identifier);
		const matched = parseFilter(entry.filter).filter;
		const others = (this.#trie.get(matched) ?? []).filter((other) => other !== entry);
		if (others.length > 0) this.#trie.set(matched, others);
		else this.#trie.delete(matched);
	}

	// Made of the filter, so that it is the same after a restart: the broker's session may still use it.
	private identifierFor(filter: string): number {
		let identifier = fnv1a(encodeUtf8(filter)) % LARGEST_IDENTIFIER;
		do identifier = (identifier % LARGEST_IDENTIFIER) + 1;
		while (this.#byIdentifier.has(identifier));
		return identifier;
	}
}

function routeTo(entries: readonly SubscriptionEntry[]): Route {
	const handlers = new Set<MessageHandler>();
	const streams = new Set<StreamHandler>();
	for (const entry of entries) {
		for (const { handler, stream } of entry.registrations) {
			handlers.add(handler);
			if (stream !== undefined) streams.add(stream);
		}
	}
	return { handlers: [...handlers], streams: [...streams] };
}
