import { encodeUtf8, REASON, type SubscribePacket, type UnsubscribePacket } from "../codec/index.ts";
import type { PacketIds } from "../session/index.ts";
import { ClientError } from "./errors.ts";
import type { SubscribeDone } from "./message.ts";
import { reasonText } from "./reasons.ts";
import { DEFAULT_SERVER, type ServerLimits } from "./server-limits.ts";
import type { SubscriptionEntry, Subscriptions } from "./subscriptions.ts";

/** Filters asked for and not answered, at most: brokers answer each with its retained messages. */
const FILTERS_IN_FLIGHT = 8;
/** Bytes of one SUBSCRIBE or UNSUBSCRIBE, where the broker does not ask for less. */
const BYTES_PER_PACKET = 1_024;
/** Bytes besides the filters: fixed header, packet id, properties. */
const PACKET_OVERHEAD = 16;
/** Bytes for each filter besides its text, which takes at most three bytes for each UTF-16 unit. */
const FILTER_OVERHEAD = 3;

const NOTHING: readonly never[] = [];

/**
 * What became of the session at the broker while we were away. `unknown`: MQTT 3.1 has no Session Present; what was in
 * flight is sent again, and every subscription is asked for again, which is right in either case.
 */
export type SessionFate = "kept" | "lost" | "unknown";

/** What became of subscriptions. */
export interface RequestEvents {
	subscribed(filter: string, done: SubscribeDone | undefined, error: ClientError | undefined, granted?: number): void;
}

/** A packet on its way. */
interface Request {
	readonly messageId: number;
	readonly entries: readonly SubscriptionEntry[];
	/** Who waits for the outcome, filter by filter; undefined for UNSUBSCRIBE. */
	readonly waiting: readonly (readonly SubscribeDone[])[] | undefined;
}

/** SUBSCRIBE and UNSUBSCRIBE: a few filters at a time, so that a reconnect is no burst. */
export class Requests {
	readonly #subscriptions: Subscriptions;
	readonly #ids: PacketIds;
	readonly #events: RequestEvents;
	#open: readonly Request[] = NOTHING;
	#server: ServerLimits = DEFAULT_SERVER;
	/** Whether there may be something to ask: looking for it costs time. */
	#hasNews = false;

	constructor(subscriptions: Subscriptions, ids: PacketIds, events: RequestEvents) {
		this.#subscriptions = subscriptions;
		this.#ids = ids;
		this.#events = events;
	}

	/** Whether the broker has been told everything, and has answered. */
	get isIdle(): boolean {
		return !this.#hasNews && this.#open.length === 0;
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
	online(fate: SessionFate, server: ServerLimits): void {
		this.#server = server;
		this.#hasNews = true;
		this.#subscriptions.entries.forEach((entry) => {
			const isKept = fate === "kept" && entry.held;
			if (entry.registrations.length > 0 && !isKept) entry.wanted = true;
			if (fate === "lost") entry.held = false;
			this.clean(entry);
		});
	}

	/** The connection is gone: what was not answered is asked again. */
	offline(): void {
		this.#open.forEach((request) => {
			this.close(request);
			request.entries.forEach((entry, index) => {
				entry.wanted = entry.registrations.length > 0;
				entry.waiting = (request.waiting?.[index] ?? NOTHING).concat(entry.waiting);
			});
		});
	}

	/** The client ends: nobody is told any more. What is subscribed stays, for the next start. */
	end(error: ClientError): void {
		this.#subscriptions.entries.forEach((entry) => {
			if (entry.waiting.length > 0) this.report(entry, takeWaiting(entry), error, undefined);
		});
	}

	/** The next packet to send, or undefined: nothing to ask, or answers are awaited. */
	next(): SubscribePacket | UnsubscribePacket | undefined {
		if (!this.#hasNews) return undefined;
		const packet = this.nextUnsubscribe() ?? this.nextSubscribe();
		if (packet === undefined) this.#hasNews = false;
		return packet;
	}

	/**
	 * SUBACK with its codes; or UNSUBACK without, since whether the broker had the filters does not matter: it has them no
	 * more. False: it is not an answer to what was asked.
	 */
	answered(messageId: number, granted: readonly number[] | undefined, reasonString: string | undefined): boolean {
		const request = this.#open.find((each) => each.messageId === messageId);
		if (request === undefined || request.waiting?.length !== granted?.length) return false;
		this.close(request);
		this.#hasNews = true;
		request.entries.forEach((entry, index) => {
			const code = granted?.[index];
			entry.held = code !== undefined && code < 0x80;
			if (code !== undefined) {
				const error = entry.held ? undefined : refusal(entry.topic, code, reasonString);
				this.report(entry, request.waiting?.[index] ?? NOTHING, error, code);
			}
			this.clean(entry);
		});
		return true;
	}

	private nextUnsubscribe(): UnsubscribePacket | undefined {
		const entries = this.take((entry) => entry.registrations.length === 0, FILTERS_IN_FLIGHT);
		if (entries.length === 0) return undefined;
		const messageId = this.open(entries, undefined);
		return { cmd: "unsubscribe", messageId, unsubscriptions: entries.map(({ topic }) => topic) };
	}

	private nextSubscribe(): SubscribePacket | undefined {
		const identified = this.#server.subscriptionIdentifiersAvailable;
		// An identifier stands for all filters of its packet; it must tell them apart.
		const most = identified ? 1 : FILTERS_IN_FLIGHT;
		const entries = this.take((entry) => entry.wanted && !this.refuse(entry), most);
		const first = entries[0];
		if (first === undefined) return undefined;
		const messageId = this.open(entries, entries.map(takeWaiting));
		entries.forEach((entry) => {
			entry.wanted = false;
			entry.held = true;
		});
		const properties = identified ? { subscriptionIdentifier: first.identifier } : {};
		return { cmd: "subscribe", messageId, subscriptions: entries, properties };
	}

	/** Takes filters for one packet: as many as it may have, and as fit. The first always fits. */
	private take(isDue: (entry: SubscriptionEntry) => boolean, most: number): SubscriptionEntry[] {
		const taken: SubscriptionEntry[] = [];
		const room = this.#open.reduce((left, { entries }) => left - entries.length, FILTERS_IN_FLIGHT);
		let bytes = Math.min(BYTES_PER_PACKET, this.#server.maximumPacketSize) - PACKET_OVERHEAD;
		const fits = (entry: SubscriptionEntry) => {
			bytes -= entry.topic.length * 3 + FILTER_OVERHEAD;
			return taken.length < Math.min(most, room) && (taken.length === 0 || bytes >= 0);
		};
		this.#subscriptions.entries.every((entry) => {
			if (entry.asked || !isDue(entry)) return true;
			if (!fits(entry)) return false;
			taken.push(entry);
			return true;
		});
		return taken;
	}

	/** Settles a filter that the broker is not asked for, since asking would cost the connection. False: it may be asked. */
	private refuse(entry: SubscriptionEntry): boolean {
		const error = this.impossible(entry.topic);
		if (error === undefined) return false;
		entry.wanted = false;
		this.report(entry, takeWaiting(entry), error, error.reasonCode);
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

	private open(entries: readonly SubscriptionEntry[], waiting: Request["waiting"]): number {
		const messageId = this.#ids.take();
		// The bound of the outbox leaves some free.
		if (messageId === undefined) throw new Error("All 65535 packet identifiers are in use.");
		this.#open = this.#open.concat({ messageId, entries, waiting });
		setAsked(entries, true);
		return messageId;
	}

	private close(request: Request): void {
		setAsked(request.entries, false);
		this.#open = this.#open.filter((other) => other !== request);
		this.#ids.release(request.messageId);
	}

	/** Forgets a filter that nobody wants and the broker does not have. */
	private clean(entry: SubscriptionEntry): void {
		if (entry.registrations.length === 0 && !entry.held) this.#subscriptions.delete(entry);
	}

	private report(
		{ topic }: SubscriptionEntry,
		waiting: readonly SubscribeDone[],
		error: ClientError | undefined,
		granted: number | undefined,
	): void {
		if (waiting.length === 0) this.#events.subscribed(topic, undefined, error, granted);
		waiting.forEach((done) => {
			this.#events.subscribed(topic, done, error, granted);
		});
	}
}

function setAsked(entries: readonly SubscriptionEntry[], asked: boolean): void {
	entries.forEach((entry) => {
		entry.asked = asked;
	});
}

function takeWaiting(entry: SubscriptionEntry): readonly SubscribeDone[] {
	const waiting = entry.waiting;
	entry.waiting = NOTHING;
	return waiting;
}

function refusal(filter: string, code: number, reasonString: string | undefined): ClientError {
	const text = `The broker refused the subscription to "${filter}": ${reasonText(code, reasonString)}.`;
	return new ClientError("refused", text, code);
}
