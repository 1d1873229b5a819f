import { encodeUtf8, REASON, type SubscribePacket, type Subscription, type UnsubscribePacket } from "../codec/index.ts";
import type { PacketIds } from "../session/index.ts";
import { ClientError } from "./errors.ts";
import type { SubscribeDone } from "./message.ts";
import { reasonCodeText } from "./reasons.ts";
import { DEFAULT_SERVER, type ServerLimits } from "./server-limits.ts";
import type { SessionFate } from "./session-fate.ts";
import type { Registration, SubscriptionEntry, Subscriptions } from "./subscriptions.ts";

/** Filters asked for and not answered, at most: brokers answer each with its retained messages. */
const FILTERS_IN_FLIGHT = 8;
/** Bytes of one SUBSCRIBE or UNSUBSCRIBE, where the broker does not ask for less. */
const BYTES_PER_PACKET = 1_024;
/** Bytes besides the filters: fixed header, packet id, properties. */
const PACKET_OVERHEAD = 16;
/** Bytes for each filter besides its text, which takes at most three bytes for each UTF-16 unit. */
const FILTER_OVERHEAD = 3;

/** What became of subscriptions. */
export interface RequestEvents {
	subscribed(filter: string, done: SubscribeDone | undefined, error: ClientError | undefined, granted?: number): void;
}

/** A packet on its way, with those who wait for its outcome, filter by filter. */
type Request =
	| { readonly kind: "subscribe"; readonly filters: readonly string[]; readonly waiting: readonly Registration[][] }
	| { readonly kind: "unsubscribe"; readonly filters: readonly string[] };

/** SUBSCRIBE and UNSUBSCRIBE: a few filters at a time, so that a reconnect is no burst. */
export class Requests {
	readonly #subscriptions: Subscriptions;
	readonly #ids: PacketIds;
	readonly #events: RequestEvents;
	/** Filters that the broker is to be told of. */
	readonly #wanted = new Set<string>();
	/** Filters that the broker may have, and nobody wants any more. */
	readonly #unwanted = new Set<string>();
	/** Filters that the session at the broker has. */
	readonly #held = new Set<string>();
	/** By packet id. */
	readonly #open = new Map<number, Request>();
	/** The filters of the open requests: each is in one at most, so that answers may come in any order. */
	readonly #asked = new Set<string>();
	#server: ServerLimits = DEFAULT_SERVER;

	constructor(subscriptions: Subscriptions, ids: PacketIds, events: RequestEvents) {
		this.#subscriptions = subscriptions;
		this.#ids = ids;
		this.#events = events;
	}

	/** Whether the broker has been told everything, and has answered. */
	get isIdle(): boolean {
		return this.#wanted.size === 0 && this.#unwanted.size === 0 && this.#open.size === 0;
	}

	/** A handler was added: the broker is asked even if it has the filter, since that brings its retained messages. */
	subscribe(registration: Registration): void {
		const { filter } = registration.entry;
		this.#unwanted.delete(filter);
		this.#wanted.add(filter);
	}

	/** Nobody wants the filter any more. */
	unsubscribe(filter: string): void {
		this.#wanted.delete(filter);
		if (this.#held.has(filter) || this.#asked.has(filter)) this.#unwanted.add(filter);
	}

	/** The broker accepted us. */
	online(fate: SessionFate, server: ServerLimits): void {
		this.#server = server;
		if (fate !== "kept") this.#held.clear();
		if (fate === "lost") this.#unwanted.clear();
		for (const entry of this.#subscriptions.values()) {
			if (!this.#held.has(entry.filter)) this.#wanted.add(entry.filter);
		}
	}

	/** The connection is gone: what was not answered is asked again. */
	offline(): void {
		for (const [messageId, { filters }] of this.#open) {
			this.close(messageId);
			for (const filter of filters) {
				if (this.#subscriptions.get(filter) === undefined) this.#unwanted.add(filter);
				else this.#wanted.add(filter);
			}
		}
	}

	/** The client ends: nobody is told any more. What is subscribed stays, for the next start. */
	end(error: ClientError): void {
		for (const entry of this.#subscriptions.values()) {
			const waiting = waitingFor(entry);
			if (waiting.length > 0) this.report(entry.filter, waiting, error, undefined);
		}
	}

	/** The next packet to send, or undefined: nothing to ask, or answers are awaited. */
	next(): SubscribePacket | UnsubscribePacket | undefined {
		if (this.#wanted.size + this.#unwanted.size === 0 || this.#asked.size >= FILTERS_IN_FLIGHT) return undefined;
		return this.nextUnsubscribe() ?? this.nextSubscribe();
	}

	/** SUBACK. False: it is not an answer to what was asked. */
	answered(messageId: number, granted: readonly number[], reasonString: string | undefined): boolean {
		const request = this.#open.get(messageId);
		if (request?.kind !== "subscribe" || request.filters.length !== granted.length) return false;
		this.close(messageId);
		for (const [index, filter] of request.filters.entries()) {
			const code = granted[index] as number;
			const error = code < 0x80 ? undefined : refusal(filter, code, reasonString);
			if (error === undefined) this.#held.add(filter);
			this.report(filter, request.waiting[index] as Registration[], error, code);
		}
		return true;
	}

	/** UNSUBACK. Whether the broker had the filters does not matter: it has them no more. */
	unanswered(messageId: number): boolean {
		const request = this.#open.get(messageId);
		if (request?.kind !== "unsubscribe") return false;
		this.close(messageId);
		for (const filter of request.filters) this.#held.delete(filter);
		return true;
	}

	private nextUnsubscribe(): UnsubscribePacket | undefined {
		const filters = this.take(this.#unwanted, FILTERS_IN_FLIGHT);
		if (filters.length === 0) return undefined;
		const messageId = this.send({ kind: "unsubscribe", filters });
		return { cmd: "unsubscribe", messageId, unsubscriptions: filters };
	}

	private nextSubscribe(): SubscribePacket | undefined {
		const identified = this.#server.subscriptionIdentifiersAvailable;
		// An identifier stands for all filters of its packet; it must tell them apart.
		const filters = this.take(this.#wanted, identified ? 1 : FILTERS_IN_FLIGHT);
		const entries = filters.flatMap((filter) => this.#subscriptions.get(filter) ?? []);
		const [first] = entries;
		if (first === undefined) return undefined;
		const messageId = this.send({ kind: "subscribe", filters, waiting: entries.map(waitingFor) });
		const properties = { subscriptionIdentifier: first.identifier };
		const subscriptions = entries.map(subscriptionOf);
		return { cmd: "subscribe", messageId, subscriptions, ...(identified && { properties }) };
	}

	/** Takes filters for one packet: as many as it may have, and as fit. The first always fits. */
	private take(from: Set<string>, most: number): string[] {
		const filters: string[] = [];
		let bytes = Math.min(BYTES_PER_PACKET, this.#server.maximumPacketSize) - PACKET_OVERHEAD;
		for (const filter of from) {
			if (this.#asked.has(filter) || (from === this.#wanted && this.refuse(filter))) continue;
			if (filters.length === most || this.#asked.size + filters.length === FILTERS_IN_FLIGHT) break;
			bytes -= filter.length * 3 + FILTER_OVERHEAD;
			if (filters.length > 0 && bytes < 0) break;
			filters.push(filter);
			from.delete(filter);
		}
		return filters;
	}

	/** Settles a filter that the broker is not asked for, since asking would cost the connection. False: it may be asked. */
	private refuse(filter: string): boolean {
		const error = this.impossible(filter);
		if (error === undefined) return false;
		this.#wanted.delete(filter);
		const entry = this.#subscriptions.get(filter);
		if (entry !== undefined) this.report(filter, waitingFor(entry), error, error.reasonCode);
		return true;
	}

	private impossible(filter: string): ClientError | undefined {
		const { maximumPacketSize, sharedSubscriptionAvailable, wildcardSubscriptionAvailable } = this.#server;
		if (PACKET_OVERHEAD + FILTER_OVERHEAD + encodeUtf8(filter).length > maximumPacketSize) {
			return new ClientError("tooLarge", `The filter "${filter}" exceeds the ${maximumPacketSize} bytes of a packet.`);
		}
		if (!sharedSubscriptionAvailable && filter.startsWith("$share/")) {
			return refusal(filter, REASON.SHARED_SUBSCRIPTIONS_NOT_SUPPORTED, undefined);
		}
		if (!wildcardSubscriptionAvailable && (filter.includes("+") || filter.includes("#"))) {
			return refusal(filter, REASON.WILDCARD_SUBSCRIPTIONS_NOT_SUPPORTED, undefined);
		}
		return undefined;
	}

	private send(request: Request): number {
		const messageId = this.#ids.take();
		// The bound of the outbox leaves some free.
		if (messageId === undefined) throw new Error("All 65535 packet identifiers are in use.");
		this.#open.set(messageId, request);
		for (const filter of request.filters) this.#asked.add(filter);
		return messageId;
	}

	private close(messageId: number): void {
		for (const filter of this.#open.get(messageId)?.filters ?? []) this.#asked.delete(filter);
		this.#open.delete(messageId);
		this.#ids.release(messageId);
	}

	private report(
		filter: string,
		waiting: readonly Registration[],
		error: ClientError | undefined,
		granted: number | undefined,
	): void {
		if (waiting.length === 0) this.#events.subscribed(filter, undefined, error, granted);
		for (const registration of waiting) {
			const { done } = registration;
			registration.done = undefined;
			this.#events.subscribed(filter, done, error, granted);
		}
	}
}

function waitingFor(entry: SubscriptionEntry): Registration[] {
	return entry.registrations.filter((registration) => registration.done !== undefined);
}

function subscriptionOf(entry: SubscriptionEntry): Subscription {
	const { filter, qos, nl, rap, rh } = entry;
	return { topic: filter, qos, nl, rap, rh };
}

function refusal(filter: string, code: number, reasonString: string | undefined): ClientError {
	const text = `The broker refused the subscription to "${filter}": ${reasonCodeText(code, reasonString)}.`;
	return new ClientError("refused", text, code);
}
