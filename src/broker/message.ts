import { encodePublish, type ProtocolVersion, type PublishProperties, type QoS } from "../codec/index.ts";
import type { Millis } from "../ports/index.ts";
import type { Timer } from "./deadlines.ts";

/** What a message is made of; `payload` and `frame` may be views on received bytes. */
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

const PLACEHOLDER_ID = 1; // every copy that is sent gets its own

/** A message on its way through the broker, whoever it goes to. */
export class Message {
	readonly topic: string;
	readonly qos: QoS;
	readonly retain: boolean;
	readonly publisher: string | undefined;
	/** When it may no longer be delivered (Message Expiry Interval); Infinity: never. */
	readonly expiresAt: Millis;
	#payload: Uint8Array;
	#properties: PublishProperties | undefined;
	/** Encoded forms by `variant`. The seed is the PUBLISH as it came in. */
	#frames: (Uint8Array | undefined)[] | undefined;
	#seed = -1;
	#owned = false;
	#settled = false;
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
		this.publisher = parts.publisher;
		this.#payload = parts.payload;
		this.#properties = parts.properties;
		const interval = parts.properties?.messageExpiryInterval;
		this.expiresAt = expiresAt ?? (interval === undefined ? Number.POSITIVE_INFINITY : now + interval * 1000);
	}

	get payload(): Uint8Array {
		return this.#payload;
	}

	get properties(): PublishProperties | undefined {
		return this.#properties;
	}

	/** What counts against limits in bytes. */
	get size(): number {
		return this.topic.length + this.#payload.length;
	}

	/** Hands over the PUBLISH as it came in, for subscribers of the same version: it must have no DUP and no topic alias. */
	seed(frame: Uint8Array, version: ProtocolVersion): void {
		this.#seed = variant(version, this.qos, this.retain);
		this.#frames = [];
		this.#frames[this.#seed] = frame;
	}

	/**
	 * The message as a PUBLISH, shared between all who get the same one: the message id of QoS 1 and 2 is a placeholder,
	 * to be set in a copy.
	 */
	frame(version: ProtocolVersion, qos: QoS, retain: boolean, now: Millis): Uint8Array {
		if (version === 5 && this.expiresAt !== Number.POSITIVE_INFINITY && !this.#isFresh(now)) {
			return this.encode(version, qos, retain, now, undefined);
		}
		this.#frames ??= [];
		const key = variant(version, qos, retain);
		const known = this.#frames[key];
		if (known !== undefined) return known;
		const frame = this.encode(version, qos, retain, now, undefined);
		if (!this.#settled) this.#frames[key] = frame;
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
		if (this.#owned) return;
		this.#owned = true;
		const frame = this.#seed < 0 ? undefined : this.#frames?.[this.#seed];
		if (frame === undefined || this.#frames === undefined) this.#payload = this.#payload.slice();
		else {
			const copy = frame.slice();
			this.#frames[this.#seed] = copy;
			this.#payload = copy.subarray(copy.length - this.#payload.length);
		}
		const correlationData = this.#properties?.correlationData;
		if (correlationData !== undefined) {
			this.#properties = { ...this.#properties, correlationData: correlationData.slice() };
		}
	}

	/** Forgets encoded forms that hold the payload once more. To be called when the message has been sent to all. */
	settle(): void {
		this.#settled = true;
		if (!this.#owned || this.#frames === undefined) return;
		const frame = this.#seed < 0 ? undefined : this.#frames[this.#seed];
		this.#frames = undefined;
		if (frame === undefined) return;
		this.#frames = [];
		this.#frames[this.#seed] = frame;
	}

	#isFresh(now: Millis): boolean {
		return this.#remaining(now) === this.#properties?.messageExpiryInterval;
	}

	/** [MQTT-3.3.2-6] The interval that is forwarded is the received one minus the time waited. */
	#remaining(now: Millis): number {
		return Math.max(1, Math.ceil((this.expiresAt - now) / 1000));
	}

	#outgoingProperties(now: Millis, extra: PublishProperties | undefined): PublishProperties | undefined {
		if (this.expiresAt === Number.POSITIVE_INFINITY && extra === undefined) return this.#properties;
		const properties = { ...this.#properties, ...extra };
		if (this.expiresAt === Number.POSITIVE_INFINITY) return properties;
		return { ...properties, messageExpiryInterval: this.#remaining(now) };
	}
}

function variant(version: ProtocolVersion, qos: QoS, retain: boolean): number {
	return (version === 5 ? 6 : 0) + qos * 2 + (retain ? 1 : 0); // a PUBLISH reads the same in 3.1 and 3.1.1
}
