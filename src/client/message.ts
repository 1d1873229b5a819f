import type { PublishProperties, QoS } from "../codec/index.ts";
import type { Seconds } from "../ports/index.ts";
import type { ClientError } from "./errors.ts";

/** A message that arrived. */
export interface Message {
	readonly topic: string;
	/** A view on the receive buffer: valid until the handler returns, to be copied (`slice()`) by whoever keeps it. */
	readonly payload: Uint8Array;
	readonly qos: QoS;
	/** True: the broker had it stored when we subscribed. */
	readonly retain: boolean;
	/** True: the broker may have sent it before. */
	readonly dup: boolean;
	/** The packet id, for a Relay to answer with; undefined at QoS 0. */
	readonly messageId?: number | undefined;
	readonly properties?: PublishProperties | undefined;
}

export type MessageHandler = (message: Message) => void;

/** What is known of a message before its payload arrives. */
export interface StreamStart extends Omit<Message, "payload" | "messageId"> {
	/** The length of the whole payload in bytes. */
	readonly length: number;
}

/** Takes payloads of more than `streamAbove` bytes, piece by piece. Every `begin` is followed by exactly one `end`. */
export interface StreamHandler {
	begin(start: StreamStart): void;
	/** `offset`: where the piece starts in the payload. `bytes` is a view, valid until this returns. */
	chunk(bytes: Uint8Array, offset: number): void;
	/** False: the connection was lost on the way. Forget the pieces: at QoS 1 and 2 the message comes again. */
	end(complete: boolean): void;
}

/** Called once. Undefined: written to the transport at QoS 0, acknowledged to the end at QoS 1 and 2. */
export type PublishDone = (error: ClientError | undefined) => void;

/** Called once. `granted`: the QoS that the broker granted, or the code with which it refused. */
export type SubscribeDone = (error: ClientError | undefined, granted?: number) => void;

export interface PublishOptions {
	/** Default 0. */
	readonly qos?: QoS | undefined;
	readonly retain?: boolean | undefined;
	/** Given up with an error when not sent within this many seconds; MQTT 5 brokers get what is left of it. */
	readonly expiry?: Seconds | undefined;
	/** False: never kept in the Store, for what is published anew after a restart anyway. Default: as the client's option. */
	readonly persist?: boolean | undefined;
	/**
	 * MQTT 5 only; left out for older brokers. Looked at each time that the message is sent. They may be those of a message
	 * that came: its topic alias and subscription identifiers, which are the broker's alone, are not sent.
	 */
	readonly properties?: PublishProperties | undefined;
	/** The packet id of QoS 1 and 2, which a Relay alone can set, and sees to it that it is not in use. */
	readonly messageId?: number | undefined;
}

export interface SubscribeOptions {
	/** The highest QoS to receive with. Default 0. */
	readonly qos?: QoS | undefined;
	/** No Local (MQTT 5). */
	readonly nl?: boolean | undefined;
	/** Retain As Published (MQTT 5). */
	readonly rap?: boolean | undefined;
	/** Retain Handling (MQTT 5): 0 retained messages with each subscribe, 1 only with a new one, 2 none. */
	readonly rh?: 0 | 1 | 2 | undefined;
	/** Takes the payloads that are too long to be held. Without it they are skipped, acknowledged and reported. */
	readonly stream?: StreamHandler | undefined;
}
