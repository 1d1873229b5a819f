import { encodeUtf8, type Packet, REASON, type Subscription } from "../codec/index.ts";
import type { PacketIds } from "../session/index.ts";
import { ClientError } from "./errors.ts";
import type { SubscribeDone } from "./message.ts";
import { reasonCodeText } from "./reasons.ts";
import { DEFAULT_SERVER, type ServerLimits } from "./server-limits.ts";
import type { SessionFate } from "./session-fate.ts";
import type { Registration, SubscriptionEntry, Subscriptions } from "./subscriptions.ts";

/** Filters in one SUBSCRIBE or UNSUBSCRIBE: brokers answer each with its retained messages. */
const FILTERS_PER_PACKET = 8;
/** Bytes of one such packet, where the broker does not ask for less. */
const BYTES_PER_PACKET = 1_024;
/** Bytes besides the filters: fixed header, packet id, properties. */
const PACKET_OVERHEAD = 16;
/** Bytes for each filter besides its text, which takes at most three bytes for each UTF-16 unit. */
const FILTER_OVERHEAD = 3;

/** What became of subscriptions. */
export interface RequestEvents {
	subscribed(filter: string, done: SubscribeDone | undefined, error: ClientError | undefined, granted?: number): void;
}

type Request =
	| { readonly kind: "subscribe"; readonly messageId: number; readonly asked: readonly Asked[] }
	| { readonly kind: "unsubscribe"; readonly messageId: number; readonly filters: readonly string[] };

/** A filter in a SUBSCRIBE, with those who wait for its outcome. */
interface Asked {
	readonly entry: SubscriptionEntry;
	readonly waiting: readonly Registration[];
}

/** SUBSCRIBE and UNSUBSCRIBE: in batches, one unanswered at a time, so that a reconnect is no burst. */
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
	#open: Request | undefined;
	#server: ServerLimits = DEFAULT_SERVER;

	constructor(subscriptions: Subscriptions, ids: PacketIds, events: RequestEvents) {
		this.#subscriptions = subscriptions;
		this.#ids = ids;
		this.#events = events;
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
		if (this.#held.has(filter) || this.#isAsked(filter)) this.#unwanted.add(filter);
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
		const open = this.#open;
		this.#open = undefined;
		if (open === undefined) return;
		this.#ids.release(open.messageId);
		if (open.kind === "unsubscribe") for (const filter of open.filters) this.#askAgain(filter);
		else for (const { entry } of open.asked) this.#askAgain(entry.filter);
	}

	/** The client ends: nobody is told any more. What is subscribed stays, for the next start. */
	end(error: ClientError): void {
		for (const entry of this.#subscriptions.values()) {
			const waiting = entry.registrations.filter((registration) => registration.done !== undefined);
			if (waiting.length > 0) this.#report({ entry, waiting }, error, undefined);
		}
	}

	/** The next packet to send, or undefined: nothing to ask, or an answer is awaited. */
	next(): Packet | undefined {
		if (this.#open !== undefined) return undefined;
		if (this.#unwanted.size > 0) return this.#nextUnsubscribe();
		return this.#wanted.size > 0 ? this.#nextSubscribe() : undefined;
	}

	/** SUBACK. False: it is not an answer to what was asked. */
	answered(messageId: number, granted: readonly number[], reasonString: string | undefined): boolean {
		const open = this.#open;
		if (open?.kind !== "subscribe" || open.messageId !== messageId || open.asked.length !== granted.length)
			return false;
		this.#close(open);
		for (const [index, asked] of open.asked.entries()) this.#settle(asked, granted[index] as number, reasonString);
		return true;
	}

	/** UNSUBACK. Whether the broker had the filters does not matter: it has them no more. */
	unanswered(messageId: number): boolean {
		const open = this.#open;
		if (open?.kind !== "unsubscribe" || open.messageId !== messageId) return false;
		this.#close(open);
		for (const filter of open.filters) this.#held.delete(filter);
		return true;
	}

	#nextUnsubscribe(): Packet {
		const filters: string[] = [];
		const room = { bytes: this.#packetSize - PACKET_OVERHEAD };
		for (const filter of this.#unwanted) {
			if (!claim(room, filter, filters.length)) break;
			filters.push(filter);
			this.#unwanted.delete(filter);
		}
		const messageId = this.#takeId();
		this.#open = { kind: "unsubscribe", messageId, filters };
		return { cmd: "unsubscribe", messageId, unsubscriptions: filters };
	}

	#nextSubscribe(): Packet | undefined {
		const asked: Asked[] = [];
		const room = { bytes: this.#packetSize - PACKET_OVERHEAD };
		for (const filter of this.#wanted) {
			const entry = this.#subscriptions.get(filter);
			const error = this.#impossible(filter);
			if (entry !== undefined && error === undefined && !claim(room, filter, asked.length)) break;
			this.#wanted.delete(filter);
			if (entry === undefined) continue;
			const waiting = entry.registrations.filter((registration) => registration.done !== undefined);
			if (error !== undefined) this.#report({ entry, waiting }, error, error.reasonCode);
			else asked.push({ entry, waiting });
		}
		if (asked.length === 0) return undefined;
		const messageId = this.#takeId();
		this.#open = { kind: "subscribe", messageId, asked };
		return { cmd: "subscribe", messageId, subscriptions: asked.map(({ entry }) => subscriptionOf(entry)) };
	}

	get #packetSize(): number {
		return Math.min(BYTES_PER_PACKET, this.#server.maximumPacketSize);
	}

	/** Why the broker is not asked: asking would cost the connection. */
	#impossible(filter: string): ClientError | undefined {
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

	#takeId(): number {
		const messageId = this.#ids.take();
		if (messageId === undefined) throw new Error("All 65535 packet identifiers are in use."); // outboxMessages prevents it
		return messageId;
	}

	#close(open: Request): void {
		this.#open = undefined;
		this.#ids.release(open.messageId);
	}

	#isAsked(filter: string): boolean {
		return this.#open?.kind === "subscribe" && this.#open.asked.some(({ entry }) => entry.filter === filter);
	}

	#settle(asked: Asked, granted: number, reasonString: string | undefined): void {
		const { filter } = asked.entry;
		if (granted >= 0x80) {
			this.#report(asked, refusal(filter, granted, reasonString), granted);
			return;
		}
		this.#held.add(filter);
		this.#report(asked, undefined, granted);
	}

	#report(asked: Asked, error: ClientError | undefined, granted: number | undefined): void {
		const { filter } = asked.entry;
		if (asked.waiting.length === 0) this.#events.subscribed(filter, undefined, error, granted);
		for (const registration of asked.waiting) {
			const { done } = registration;
			registration.done = undefined;
			this.#events.subscribed(filter, done, error, granted);
		}
	}

	#askAgain(filter: string): void {
		if (this.#subscriptions.get(filter) === undefined) this.#unwanted.add(filter);
		else this.#wanted.add(filter);
	}
}

/** Takes a filter's bytes from the room of a packet. The first filter always fits. */
function claim(room: { bytes: number }, filter: string, before: number): boolean {
	const bytes = filter.length * 3 + FILTER_OVERHEAD;
	if (before > 0 && (before >= FILTERS_PER_PACKET || bytes > room.bytes)) return false;
	room.bytes -= bytes;
	return true;
}

function subscriptionOf(entry: SubscriptionEntry): Subscription {
	const { filter, qos, nl, rap, rh } = entry;
	return { topic: filter, qos, nl, rap, rh };
}

function refusal(filter: string, code: number, reasonString: string | undefined): ClientError {
	const text = `The broker refused the subscription to "${filter}": ${reasonCodeText(code, reasonString)}.`;
	return new ClientError("refused", text, code);
}
