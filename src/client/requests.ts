import {
	encodeSubscription,
	encodeUtf8,
	REASON,
	type SubscribePacket,
	type UnsubscribePacket,
} from "../codec/index.ts";
import { hasWildcard } from "../topic/index.ts";
import type { Context } from "./context.ts";
import { EMPTY } from "./empty.ts";
import { ClientError } from "./errors.ts";
import type { SubscribeDone } from "./message.ts";
import { type Explanation, reasonText } from "./reasons.ts";
import type { SubscriptionEntry } from "./subscriptions.ts";

/** Filters asked for and not answered, at most: brokers answer each with its retained messages. */
const FILTERS_IN_FLIGHT = 8;
/** Bytes of one SUBSCRIBE or UNSUBSCRIBE, where the broker does not ask for less. */
const BYTES_PER_PACKET = 1_024;
/** Bytes besides the filters: fixed header, packet id, properties. */
const PACKET_OVERHEAD = 16;
/** Bytes for each filter besides its text. */
const FILTER_OVERHEAD = 3;

/**
 * What became of the session at the broker while we were away. `unknown`: MQTT 3.1 has no Session Present; what was in
 * flight is sent again, and every subscription is asked for again, which is right in either case.
 */
export type SessionFate = "kept" | "lost" | "unknown";

/** SUBSCRIBE and UNSUBSCRIBE: a few filters at a time, so that a reconnect is no burst. */
export class Requests {
	readonly #context: Context;
	/** Filters in packets that the broker has not answered. */
	#unanswered = 0;
	/** Whether there may be something to ask: looking for it costs time. */
	#hasNews = false;

	constructor(context: Context) {
		this.#context = context;
	}

	/** Whether the broker has been told everything, and has answered. */
	get isIdle(): boolean {
		return !this.#hasNews && this.#unanswered === 0;
	}

	/** A handler was added: the broker is asked even if it has the filter, since that brings its retained messages. */
	subscribe(entry: SubscriptionEntry, done: SubscribeDone | undefined): void {
		entry.wanted = true;
		if (done !== undefined) entry.waiting = entry.waiting.concat(done);
		this.#hasNews = true;
	}

	/** Nobody wants the filter any more. */
	unsubscribe(entry: SubscriptionEntry): void {
		entry.wanted = false;
		this.#hasNews = true;
		this.clean(entry);
	}

	/** The broker accepted us. */
	online(fate: SessionFate): void {
		this.#hasNews = true;
		this.#context.subscriptions.entries.forEach((entry) => {
			if (entry.registrations.length > 0 && !(fate === "kept" && entry.held)) entry.wanted = true;
			if (fate === "lost") entry.held = false;
			this.clean(entry);
		});
	}

	/** The connection is gone: what was not answered is asked again. */
	offline(): void {
		this.#unanswered = 0;
		this.#context.subscriptions.entries.forEach((entry) => {
			if (entry.asked === undefined) return;
			this.#context.ids.delete(entry.asked);
			entry.wanted = entry.registrations.length > 0;
			entry.waiting = (entry.told ?? EMPTY).concat(entry.waiting);
			entry.asked = undefined;
			entry.told = undefined;
			this.clean(entry);
		});
	}

	/** The client ends: nobody is told any more. What is subscribed stays, for the next start. */
	end(error: ClientError): void {
		this.#context.subscriptions.entries.forEach((entry) => {
			if (entry.waiting.length > 0) this.giveUp(entry, error);
		});
	}

	/** The next packet to send, or undefined: nothing to ask, or answers are awaited. */
	next(): Uint8Array | undefined {
		if (!this.#hasNews) return undefined;
		const packet = this.nextUnsubscribe() ?? this.nextSubscribe();
		if (packet !== undefined) return encodeSubscription(packet, this.#context.server.version);
		this.#hasNews = false;
		return undefined;
	}

	/**
	 * SUBACK with its codes; or UNSUBACK without, since whether the broker had the filters does not matter: it has them no
	 * more. False: it is not an answer to what was asked.
	 */
	answered(messageId: number, granted: readonly number[] | undefined, added: Explanation | undefined): boolean {
		const entries = this.#context.subscriptions.entries.filter((entry) => entry.asked === messageId);
		const expected = entries[0]?.told === undefined ? undefined : entries.length;
		if (entries.length === 0 || granted?.length !== expected) return false;
		this.#context.ids.delete(messageId);
		this.#unanswered -= entries.length;
		this.#hasNews = true;
		// By index: what the outcome leads to lies high on the stack as it is.
		for (let index = 0; index < entries.length; index++) {
			this.settle(entries[index] as SubscriptionEntry, granted?.[index], added);
		}
		return true;
	}

	private settle(entry: SubscriptionEntry, code: number | undefined, added: Explanation | undefined): void {
		const told = entry.told ?? EMPTY;
		entry.asked = undefined;
		entry.told = undefined;
		entry.held = code !== undefined && code < 0x80;
		const error = code === undefined || entry.held ? undefined : refusal(entry.topic, code, added);
		if (code !== undefined) this.report(entry, told, error, code);
		return this.clean(entry);
	}

	private nextUnsubscribe(): UnsubscribePacket | undefined {
		const entries = this.take((entry) => entry.registrations.length === 0, FILTERS_IN_FLIGHT);
		if (entries.length === 0) return undefined;
		const unsubscriptions = entries.map((entry) => entry.topic);
		return { cmd: "unsubscribe", messageId: this.ask(entries, false), unsubscriptions };
	}

	private nextSubscribe(): SubscribePacket | undefined {
		const identified = this.#context.server.subscriptionIdentifiersAvailable;
		// An identifier stands for all filters of its packet; it must tell them apart.
		const entries = this.take((entry) => entry.wanted && !this.refuse(entry), identified ? 1 : FILTERS_IN_FLIGHT);
		const first = entries[0];
		if (first === undefined) return undefined;
		const packet: SubscribePacket = { cmd: "subscribe", messageId: this.ask(entries, true), subscriptions: entries };
		return identified ? { ...packet, properties: { subscriptionIdentifier: first.identifier } } : packet;
	}

	/** Takes filters for one packet: as many as it may have, and as fit. The first always fits. */
	private take(isDue: (entry: SubscriptionEntry) => boolean, most: number): SubscriptionEntry[] {
		const entries = this.#context.subscriptions.entries;
		const taken: SubscriptionEntry[] = [];
		const room = Math.min(most, FILTERS_IN_FLIGHT - this.#unanswered);
		let bytes = Math.min(BYTES_PER_PACKET, this.#context.server.maximumPacketSize) - PACKET_OVERHEAD;
		for (let index = 0; index < entries.length && taken.length < room; index++) {
			const entry = entries[index] as SubscriptionEntry;
			if (entry.asked !== undefined || !isDue(entry)) continue;
			bytes -= bytesOf(entry.topic);
			if (bytes < 0 && taken.length > 0) break;
			taken.push(entry);
		}
		return taken;
	}

	/** Settles a filter that the broker is not asked for, since asking would cost the connection. False: it may be asked. */
	private refuse(entry: SubscriptionEntry): boolean {
		const error = this.impossible(entry.topic);
		if (error === undefined) return false;
		entry.wanted = false;
		this.giveUp(entry, error);
		return true;
	}

	private impossible(filter: string): ClientError | undefined {
		const server = this.#context.server;
		const most = server.maximumPacketSize;
		if (PACKET_OVERHEAD + bytesOf(filter) > most) {
			return new ClientError("tooLarge", `The filter "${filter}" exceeds the ${most} bytes of a packet.`);
		}
		if (!server.sharedSubscriptionAvailable && filter.startsWith("$share/")) {
			return refusal(filter, REASON.SHARED_SUBSCRIPTIONS_NOT_SUPPORTED, undefined);
		}
		if (!server.wildcardSubscriptionAvailable && hasWildcard(filter)) {
			return refusal(filter, REASON.WILDCARD_SUBSCRIPTIONS_NOT_SUPPORTED, undefined);
		}
		return undefined;
	}

	/** The filters are in one packet from now on, SUBSCRIBE or UNSUBSCRIBE. Returns its packet id. */
	private ask(entries: readonly SubscriptionEntry[], isSubscribe: boolean): number {
		const messageId = this.#context.ids.take();
		// The bound of the outbox leaves some free.
		if (messageId === undefined) throw new Error("All 65535 packet identifiers are in use.");
		this.#unanswered += entries.length;
		entries.forEach((entry) => {
			entry.asked = messageId;
			if (!isSubscribe) return;
			entry.wanted = false;
			entry.held = true;
			entry.told = entry.waiting;
			entry.waiting = EMPTY;
		});
		return messageId;
	}

	/** Settles a filter that nobody wants, and forgets it if the broker does not have it. */
	private clean(entry: SubscriptionEntry): void {
		if (entry.registrations.length > 0) return;
		if (entry.waiting.length > 0) {
			const text = `"${entry.topic}" was unsubscribed from before the broker answered.`;
			this.giveUp(entry, new ClientError("ended", text));
		}
		if (!entry.held) this.#context.subscriptions.delete(entry);
	}

	/** Tells those who wait for the next SUBSCRIBE that there is none. */
	private giveUp(entry: SubscriptionEntry, error: ClientError): void {
		const waiting = entry.waiting;
		entry.waiting = EMPTY;
		this.report(entry, waiting, error, error.reasonCode);
	}

	/** To each who waits; where nobody does, once. */
	private report(
		entry: SubscriptionEntry,
		waiting: readonly SubscribeDone[],
		error: ClientError | undefined,
		granted: number | undefined,
	): void {
		let index = 0;
		do this.#context.subscribed(entry.topic, waiting[index], error, granted);
		while (++index < waiting.length);
	}
}

/** What a filter takes in a packet. */
function bytesOf(filter: string): number {
	return FILTER_OVERHEAD + encodeUtf8(filter).length;
}

function refusal(filter: string, code: number, added: Explanation | undefined): ClientError {
	const text = `The broker refused the subscription to "${filter}": ${reasonText(code, added)}.`;
	return new ClientError("refused", text, code);
}
