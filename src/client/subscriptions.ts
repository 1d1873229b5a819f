import { encodeUtf8, type PublishHeader, type QoS } from "../codec/index.ts";
import { filterMatches, parseFilter } from "../topic/index.ts";
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

/** Most routes have none: this one is in flash. */
const NO_STREAMS: readonly StreamHandler[] = [];
const LARGEST_IDENTIFIER = 0x0fff_ffff;

/**
 * Handlers by topic filter. A device has a few: to look at each of them takes less time than a tree of Maps takes RAM, and
 * topics that come again find their route.
 */
export class Subscriptions {
	readonly #limits: ClientLimits;
	readonly #entries: SubscriptionEntry[] = [];
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
		return this.#entries.find((entry) => entry.filter === filter);
	}

	values(): readonly SubscriptionEntry[] {
		return this.#entries;
	}

	/** Adds a handler. A filter subscribed to again takes the new options, and the higher QoS. Undefined: no room. */
	add(
		filter: string,
		handler: MessageHandler,
		options: SubscribeOptions,
		done: SubscribeDone | undefined,
	): Registration | undefined {
		const entry = this.get(filter) ?? this.enter(filter);
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
		this.#entries.splice(this.#entries.indexOf(entry), 1);
		return true;
	}

	/**
	 * Who takes a message. A broker may send it once for each subscription that matches (MQTT 5 section 3.3.4); by the
	 * identifiers that MQTT 5 adds, each copy goes to the handlers of its own subscription alone.
	 */
	routeOf(topic: string, header: PublishHeader): Route {
		const identifiers = header.properties?.subscriptionIdentifier;
		if (identifiers === undefined) return this.route(topic);
		const entries = identifiers.flatMap((identifier) => this.identifiedBy(identifier) ?? []);
		return entries.length === 0 && this.isInherited ? this.route(topic) : routeTo(entries);
	}

	/** Who takes the messages of a topic. */
	route(topic: string): Route {
		const known = this.#routes.get(topic);
		if (known !== undefined) return known;
		const route = routeTo(this.#entries.filter(({ filter }) => filterMatches(parseFilter(filter).filter, topic)));
		if (this.#routes.size >= this.#limits.routeCache) this.#routes.clear();
		this.#routes.set(topic, route);
		return route;
	}

	private enter(filter: string): SubscriptionEntry | undefined {
		if (this.#entries.length >= this.#limits.maxSubscriptions) return undefined;
		const identifier = this.identifierFor(filter);
		const entry: SubscriptionEntry = { filter, identifier, registrations: [], qos: 0, nl: false, rap: false, rh: 0 };
		this.#entries.push(entry);
		return entry;
	}

	private identifiedBy(identifier: number): SubscriptionEntry | undefined {
		return this.#entries.find((entry) => entry.identifier === identifier);
	}

	// Made of the filter, so that it is the same after a restart: the broker's session may still use it.
	private identifierFor(filter: string): number {
		let identifier = fnv1a(encodeUtf8(filter)) % LARGEST_IDENTIFIER;
		do identifier = (identifier % LARGEST_IDENTIFIER) + 1;
		while (this.identifiedBy(identifier) !== undefined);
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
	return { handlers: [...handlers], streams: streams.size === 0 ? NO_STREAMS : [...streams] };
}
