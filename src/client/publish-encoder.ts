import {
	encodePublish,
	encodePublishHead,
	type ProtocolVersion,
	type PublishHeader,
	type PublishProperties,
	type QoS,
	UsageError,
} from "../codec/index.ts";
import type { Millis } from "../ports/index.ts";
import { ClientError } from "./errors.ts";
import type { OutboxMessage } from "./outbox.ts";
import { isCopied } from "./payload.ts";
import { DEFAULT_SERVER, type ServerLimits } from "./server-limits.ts";

/** What a broker may not have: the QoS asked for, or retained messages. */
export type Shortcoming = "qos" | "retain";

export interface PublishEncoderEvents {
	/** The broker takes less than was asked for. Called once for each connection and shortcoming. */
	lowered(what: Shortcoming): void;
}

/** Makes PUBLISH packets as the broker of this connection takes them. */
export class PublishEncoder {
	#version: ProtocolVersion = 4;
	#server: ServerLimits = DEFAULT_SERVER;
	readonly #reported: Record<Shortcoming, boolean> = { qos: false, retain: false };
	readonly #events: PublishEncoderEvents;

	constructor(events: PublishEncoderEvents) {
		this.#events = events;
	}

	/** A connection begins. */
	start(version: ProtocolVersion, server: ServerLimits): void {
		this.#version = version;
		this.#server = server;
		this.#reported.qos = false;
		this.#reported.retain = false;
	}

	/** The QoS to send a message with. [MQTT-3.2.2-11] a reading with less assurance is better than none. */
	qosFor(message: OutboxMessage): QoS {
		const most = this.#server.maximumQoS;
		if (message.qos <= most) return message.qos;
		this.lower("qos");
		return most;
	}

	/** The packet, without a payload that is not copied into it; or why there can be none. */
	encode(message: OutboxMessage, qos: QoS, dup: boolean, now: Millis): Uint8Array | ClientError {
		const most = this.#server.maximumPacketSize;
		const { payload } = message;
		if (payload.length >= most) return tooLarge(message, most);
		try {
			const header = this.headerOf(message, qos, dup, now);
			if (isCopied(payload)) {
				const frame = encodePublish(header, payload, this.#version);
				return frame.length <= most ? frame : tooLarge(message, most);
			}
			const head = encodePublishHead(header, payload.length, this.#version);
			return head.length + payload.length <= most ? head : tooLarge(message, most);
		} catch (error) {
			if (!(error instanceof UsageError)) throw error;
			return new ClientError("unsendable", `"${message.topic}" cannot be sent: ${error.message}`);
		}
	}

	private headerOf(message: OutboxMessage, qos: QoS, dup: boolean, now: Millis): PublishHeader {
		return {
			topic: message.topic,
			qos,
			retain: message.retain && this.mayRetain(),
			dup,
			messageId: qos === 0 ? undefined : message.packetId,
			properties: this.#version === 5 ? propertiesOf(message, now) : undefined,
		};
	}

	// [MQTT-3.2.2-14]
	private mayRetain(): boolean {
		if (!this.#server.retainAvailable) this.lower("retain");
		return this.#server.retainAvailable;
	}

	private lower(what: Shortcoming): void {
		if (this.#reported[what]) return;
		this.#reported[what] = true;
		this.#events.lowered(what);
	}
}

function propertiesOf(message: OutboxMessage, now: Millis): PublishProperties | undefined {
	if (message.expiresAt === undefined) return message.properties;
	const left = Math.max(1, Math.ceil((message.expiresAt - now) / 1_000));
	return { ...message.properties, messageExpiryInterval: left };
}

// [MQTT-3.2.2-15]
function tooLarge(message: OutboxMessage, most: number): ClientError {
	return new ClientError("tooLarge", `"${message.topic}" exceeds the ${most} bytes that the broker takes in a packet.`);
}
