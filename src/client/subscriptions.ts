import { encodeUtf8, type PublishHeader, type QoS, type Subscription } from "../codec/index.ts";
import { filterMatches, parseFilter } from "../topic/index.ts";
import { EMPTY } from "./empty.ts";
import { fnv1a } from "./hash.ts";
import type { ClientLimits } from "./limits.ts";
import type { MessageHandler, StreamHandler, SubscribeDone, SubscribeOptions } from "./message.ts";

/** One call of `subscribe`. */
export interface Registration {
	readonly entry: SubscriptionEntry;
	readonly handler: MessageHandler;
	readonly stream: StreamHandler | undefined;
}

/** A filter, as in SUBSCRIBE (`$share/…` included), who subscribed to it, and what the broker has been told. */
export interface SubscriptionEntry extends Subscription {
	/** The Subscription Identifier (MQTT 5 section 3.8.2.1.2). */
	readonly identifier: number;
	/** None: nobody wants it any more, but the broker may have it. */
	registrations: readonly Registration[];
	qos: QoS;
	nl: boolean;
	rap: boolean;
	rh: 0 | 1 | 2;
	/** Whether the broker is to be asked for it. */
	wanted: boolean;
	/** The id of the packet with it that the broker has not answered: of one at most, so that answers may come in any order. */
	asked: number | undefined;
	/** Who waits for that answer; undefined: nobody is told of UNSUBSCRIBE. */
	told: readonly SubscribeDone[] | undefined;
	/** Whether the session at the broker may have it. */
	held: boolean;
	/** Who waits for the answer to the next SUBSCRIBE. */
	waiting: readonly SubscribeDone[];
}

/** Who takes a message: each handler once, however many filters lead to it. */
export interface Route {
	readonly handlers: readonly MessageHandler[];
	readonly streams: readonly StreamHandler[];
}

const LARGEST_IDENTIFIER = 0x0fff_ffff;
/** Topics of more characters find their route anew each time: whoever publishes chooses them, and they would fill the memory. */
const LONGEST_REMEMBERED = 256;

/**
 * Handlers by topic filter. A device has a few: to look at each of them takes less time than a tree of Maps takes RAM, and
 * topics that come again find their route.
 */
export class Subscriptions {
	readonly #limits: ClientLimits;
	readonly #unclaimed: readonly MessageHandler[];
	/** Changes make a new array: who goes through the old one may go on. */
	entries: readonly SubscriptionEntry[] = EMPTY;
	/** Routes of topics seen lately; undefined: of none since the last change. */
	#routes: Map<string, Route> | undefined;
	/**
	 * Whether the broker's session is of an earlier life of ours, whose subscriptions, and so identifiers, may have been
	 * others.
	 */
	isInherited = false;

	/** `unclaimed`: takes the messages that no handler takes. */
	constructor(limits: ClientLimits, unclaimed: MessageHandler | undefined) {
		this.#limits = limits;
		this.#unclaimed = unclaimed === undefined ? EMPTY : [unclaimed];
	}

	/** Adds a handler. A filter subscribed to again takes the new options, and the higher QoS. Undefined: no room. */
	add(filter: string, handler: MessageHandler, options: SubscribeOptions): Registration | undefined {
		const entry = this.entryFor(filter);
		if (entry === undefined) return undefined;
		const before = entry.registrations.length === 0 ? 0 : entry.qos;
		entry.qos = Math.max(before, options.qos ?? 0) as QoS;
		entry.nl = options.nl ?? false;
		entry.rap = options.rap ?? false;
		entry.rh = options.rh ?? 0;
		const registration: Registration = { entry, handler, stream: options.stream };
		entry.registrations = entry.registrations.concat(registration);
		this.#routes = undefined;
		return registration;
	}

	/** Removes a handler. True: it was the last one of its filter. */
	remove(registration: Registration): boolean {
		const entry = registration.entry;
		const others = entry.registrations.filter((other) => other !== registration);
		const isLast = others.length === 0 && entry.registrations.length > 0;
		entry.registrations = others;
		this.#routes = undefined;
		return isLast;
	}

	/** Forgets a filter that nobody wants and the broker does not have. */
	delete(entry: SubscriptionEntry): void {
		this.entries = this.entries.filter((other) => other !== entry);
	}

	/**
	 * Who takes a message. A broker may send it once for each subscription that matches (MQTT 5 section 3.3.4); by the
	 * identifiers that MQTT 5 adds, each copy goes to the handlers of its own subscription alone.
	 */
	routeOf(topic: string, header: PublishHeader): Route {
		const identifiers = header.properties?.subscriptionIdentifier;
		if (identifiers === undefined) return this.route(topic);
		const entries = this.entries.filter((entry) => identifiers.includes(entry.identifier));
		return entries.length === 0 && this.isInherited ? this.route(topic) : this.routeTo(entries);
	}

	/** Who takes the messages of a topic. */
	route(topic: string): Route {
		const known = this.#routes?.get(topic);
		if (known !== undefined) return known;
		const matches = (entry: SubscriptionEntry) => filterMatches(parseFilter(entry.topic).filter, topic);
		const route = this.routeTo(this.entries.filter(matches));
		if (topic.length > LONGEST_REMEMBERED) return route;
		if (this.#routes === undefined || this.#routes.size >= this.#limits.routeCache) this.#routes = new Map();
		this.#routes.set(topic, route);
		return route;
	}

	private routeTo(entries: readonly SubscriptionEntry[]): Route {
		const registrations = entries.flatMap((entry) => entry.registrations);
		const handlers = registrations.map((registration) => registration.handler);
		return {
			handlers: handlers.length === 0 ? this.#unclaimed : distinct(handlers),
			streams: distinct(registrations.flatMap((registration) => registration.stream ?? EMPTY)),
		};
	}

	private entryFor(filter: string): SubscriptionEntry | undefined {
		const known = this.entries.find((entry) => entry.topic === filter);
		if (known !== undefined && known.registrations.length > 0) return known;
		const inUse = this.entries.filter((entry) => entry.registrations.length > 0);
		if (inUse.length >= this.#limits.maxSubscriptions) return undefined;
		return known ?? this.enter(filter);
	}

	private enter(topic: string): SubscriptionEntry {
		const taken = this.entries.map((entry) => entry.identifier);
		const entry: SubscriptionEntry = {
			topic,
			identifier: identifierFor(topic, taken),
			registrations: EMPTY,
			qos: 0,
			nl: false,
			rap: false,
			rh: 0,
			wanted: false,
			asked: undefined,
			told: undefined,
			held: false,
			waiting: EMPTY,
		};
		this.entries = this.entries.concat(entry);
		return entry;
	}
}

function distinct<T>(items: readonly T[]): readonly T[] {
	return items.length === 0 ? EMPTY : Array.from(new Set(items));
}

// Made of the filter, so that it is the same after a restart: the broker's session may still use it.
function identifierFor(filter: string, taken: readonly number[]): number {
	let identifier = fnv1a(encodeUtf8(filter));
	do identifier = (identifier % LARGEST_IDENTIFIER) + 1;
	while (taken.includes(identifier));
	return identifier;
}
