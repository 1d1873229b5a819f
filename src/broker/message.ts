import { encodePublish, type ProtocolVersion, type PublishProperties, type QoS } from "../codec/index.ts";
import type { Millis } from "../ports/index.ts";
import type { Timer } from "./deadlines.ts";
import type { Slab } from "./slab.ts";

/** What a message is made of. The payload may be a view on received bytes. */
export interface MessageParts {
	readonly topic: string;
	readonly payload: Uint8Array;
	readonly qos: QoS;
	readonly retain: boolean;
	/** Without topic alias and subscription identifiers, which belong to a connection. */
	readonly properties: PublishProperties | undefined;
	/** The publishing client's id, for No Local. */
	readonly publisher: string | undefined;
}

const NEVER: Millis = 1 / 0;
const PLACEHOLDER_ID = 1; // every copy that is sent gets its own

/** A message on its way through the broker, whoever it goes to. */
export class Message {
	readonly topic: string;
	readonly qos: QoS;
	readonly retain: boolean;
	readonly properties: PublishProperties | undefined;
	readonly publisher: string | undefined;
	/** When it may no longer be delivered (Message Expiry Interval); Infinity: never. */
	readonly expiresAt: Millis;
	#payload: Uint8Array;
	/** The PUBLISH as it came in, and which variant that is; undefined: none is fit to be sent on. */
	#seed: Uint8Array | undefined;
	#seedVariant = -1;
	/** Other encoded forms, while the message is being sent to many. */
	#frames: (Uint8Array | undefined)[] | undefined;
	#isSettled = false;
	#isCopied = false;
	#isOwned = false;
	/** True while this is its topic's retained message. */
	current = false;
	/** Set while it is a retained message that expires. */
	expiryTimer: Timer<"retainedExpiry", Message> | undefined;
	/** Its number in the store, 0: not stored. */
	storeId = 0;
	/** How many rows of the store refer to it. */
	references = 0;

	constructor(parts: MessageParts, now: Millis, expiresAt?: Millis) {
		this.topic = parts.topic;
		this.qos = parts.qos;
		this.retain = parts.retain;
		this.properties = parts.properties;
		this.publisher = parts.publisher;
		this.#payload = parts.payload;
		const interval = parts.properties?.messageExpiryInterval;
		this.expiresAt = expiresAt ?? (interval === undefined ? NEVER : now + interval * 1000);
	}

	get payload(): Uint8Array {
		return this.#payload;
	}

	/** What counts against limits in bytes. */
	get size(): number {
		return this.topic.length + this.#payload.length;
	}

	/** Hands over the PUBLISH as it came in, for subscribers of the same version: it must have no DUP and no topic alias. */
	seed(frame: Uint8Array, version: ProtocolVersion): void {
		this.#seed = frame;
		this.#seedVariant = variant(version, this.qos, this.retain);
	}

	/**
	 * The message as a PUBLISH, shared between all who get the same one: the message id of QoS 1 and 2 is a placeholder,
	 * to be set in a copy.
	 */
	frame(version: ProtocolVersion, qos: QoS, retain: boolean, now: Millis): Uint8Array {
		if (version === 5 && this.expiresAt !== NEVER && !this.#isFresh(now)) {
			return this.encode(version, qos, retain, now, undefined);
		}
		const key = variant(version, qos, retain);
		if (key === this.#seedVariant && this.#seed !== undefined) return this.#seed;
		const known = this.#frames?.[key];
		if (known !== undefined) return known;
		const frame = this.encode(version, qos, retain, now, undefined);
		if (!this.#isSettled) {
			this.#frames ??= [];
			this.#frames[key] = frame;
		}
		return frame;
	}

	/** The message as a PUBLISH for one subscriber only: with identifiers, an alias, or time gone by. */
	encode(
		version: ProtocolVersion,
		qos: QoS,
		retain: boolean,
		now: Millis,
		extra: PublishProperties | undefined,
		topic: string = this.topic,
	): Uint8Array {
		const messageId = qos === 0 ? undefined : PLACEHOLDER_ID;
		const properties = version === 5 ? this.#outgoingProperties(now, extra) : undefined;
		return encodePublish({ topic, qos, retain, dup: false, messageId, properties }, this.#payload, version);
	}

	isExpired(now: Millis): boolean {
		return now >= this.expiresAt;
	}

	/** Copies what is a view on received bytes. To be called before the message is kept. */
	own(): void {
		if (this.#isOwned) return;
		this.#isOwned = true;
		this.#keep(this.#seed === undefined ? this.#payload.slice() : this.#seed.slice());
	}

	/** The same, into a slab: enough while the message is in flight to a connected client. */
	ownBriefly(slab: Slab): void {
		if (!this.#isCopied) this.#keep(slab.copy(this.#seed ?? this.#payload));
	}

	/** Forgets encoded forms that hold the payload once more. To be called when the message has been sent to all. */
	settle(): void {
		this.#isSettled = true;
		this.#frames = undefined;
	}

	/** Takes a copy of the seed, which ends with the payload, or of the payload alone. */
	#keep(copy: Uint8Array): void {
		this.#isCopied = true;
		if (this.#seed !== undefined) this.#seed = copy;
		this.#payload = this.#seed === undefined ? copy : copy.subarray(copy.length - this.#payload.length);
	}

	#isFresh(now: Millis): boolean {
		return this.#remaining(now) === this.properties?.messageExpiryInterval;
	}

	/** [MQTT-3.3.2-6] The interval that is forwarded is the received one minus the time waited. */
	#remaining(now: Millis): number {
		// Whole milliseconds: (now + 60,000) - now can be a hair more than 60,000, and would be 61 seconds.
		return Math.max(1, Math.ceil(Math.round(this.expiresAt - now) / 1000));
	}

	#outgoingProperties(now: Millis, extra: PublishProperties | undefined): PublishProperties | undefined {
		if (this.expiresAt === NEVER && extra === undefined) return this.properties;
		const properties = { ...this.properties, ...extra };
		return this.expiresAt === NEVER ? properties : { ...properties, messageExpiryInterval: this.#remaining(now) };
	}
}

function variant(version: ProtocolVersion, qos: QoS, retain: boolean): number {
	return (version === 5 ? 6 : 0) + qos * 2 + (retain ? 1 : 0); // a PUBLISH reads the same in 3.1 and 3.1.1
}
