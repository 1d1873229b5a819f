import {
	type AckCommand,
	CLIENT,
	type DecodedPacket,
	Decoder,
	encodeAck,
	type ProtocolVersion,
} from "../codec/index.ts";
import { textOf } from "./errors.ts";
import type { ClientLimits } from "./limits.ts";
import { type Payload, partOf, SEGMENT_BYTES } from "./payload.ts";

/** Acknowledgements that may wait for a full transport. More incoming packets wait until they are sent. */
const OWED_PACKETS = 32;

/** What is left of a packet. */
interface Rest {
	readonly payload: Payload;
	/** The part that comes next. */
	at: number;
	/** The payload's length as the packet says: it may not be that any more. */
	readonly end: number;
	/** Why it cannot be read. */
	fault: string | undefined;
}

/** One connection's byte stream: received bytes that wait to be decoded, packets that wait to be sent. */
export class Wire {
	readonly #limits: ClientLimits;
	#decoder: Decoder | undefined;
	/** What came while the decoder still had something: seldom, so made when it is needed. */
	#backlog: Uint8Array[] | undefined;
	#backlogBytes = 0;
	#owed: Uint8Array[] = [];
	/** What a packet of which a part was sent goes on with. */
	#rest: Rest | undefined;
	/** Whether the decoder may still have a packet in the bytes that it was given, and others may wait behind them. */
	hasInput = false;
	/** Whether anything arrived on this connection. */
	hasReceived = false;
	/** Whether the transport takes bytes. */
	writable = false;
	/** Whether the transport may hand over more: it is held while bytes wait for a turn. */
	isReading = true;

	constructor(limits: ClientLimits) {
		this.#limits = limits;
	}

	/** A connection begins, at this protocol level. */
	open(version: ProtocolVersion): void {
		this.close();
		const limits = this.#limits;
		this.#decoder = new Decoder({ role: CLIENT, maxPacket: limits.maxPacket, streamAbove: limits.streamAbove });
		this.#decoder.version = version;
		this.hasReceived = false;
		this.writable = true;
	}

	/** The connection is gone, and with it whatever waited. */
	close(): void {
		this.#decoder = undefined;
		this.hasInput = false;
		this.#backlog = undefined;
		this.#backlogBytes = 0;
		this.#owed = [];
		this.#rest = undefined;
		this.writable = false;
		this.isReading = true;
	}

	/** The protocol level. */
	get version(): ProtocolVersion {
		return this.#decoder?.version ?? 4;
	}

	/** Whether more waits than may, besides the bytes being decoded. */
	get isFlooded(): boolean {
		return this.#backlogBytes > this.#limits.backlogBytes;
	}

	/** Whether so many answers wait to be sent that no more may be caused. */
	get isChoked(): boolean {
		return this.#owed.length >= OWED_PACKETS;
	}

	/** Whether a packet was handed over in part. */
	get isMidPacket(): boolean {
		return this.#rest !== undefined;
	}

	/** Why the rest of a packet cannot be read. */
	get fault(): string | undefined {
		return this.#rest?.fault;
	}

	/** Whether everything that was queued has been handed over. */
	get isFlushed(): boolean {
		return this.#rest === undefined && this.#owed.length === 0;
	}

	received(bytes: Uint8Array): void {
		if (bytes.length === 0) return;
		this.hasReceived = true;
		if (!this.hasInput) return this.decode(bytes);
		this.#backlog ??= [];
		this.#backlog.push(bytes);
		this.#backlogBytes += bytes.length;
	}

	/** The next packet that arrived, or undefined: more bytes are needed. Throws ProtocolError. */
	next(): DecodedPacket | undefined {
		while (this.hasInput) {
			const packet = this.#decoder?.next();
			if (packet !== undefined) return packet;
			this.hasInput = false;
			const bytes = this.#backlog?.shift();
			if (bytes === undefined) return undefined;
			this.#backlogBytes -= bytes.length;
			this.decode(bytes);
		}
		return undefined;
	}

	private decode(bytes: Uint8Array): void {
		this.#decoder?.push(bytes);
		this.hasInput = true;
	}

	/** Queues a control packet. */
	owe(packet: Uint8Array): void {
		this.#owed.push(packet);
	}

	/** Queues an acknowledgement. */
	acknowledge(cmd: AckCommand, messageId: number, reasonCode: number): void {
		this.owe(encodeAck(cmd, messageId, reasonCode, this.version));
	}

	/** What to hand to the transport next, or undefined: nothing is queued, or it takes nothing. */
	nextSend(): Uint8Array | undefined {
		if (!this.writable) return undefined;
		if (this.#rest !== undefined) return this.nextPart(this.#rest);
		const packet = this.#owed.shift();
		return packet === undefined ? undefined : this.begin(packet);
	}

	/**
	 * Hands over the first part of a packet, and queues the others; `payload` comes after it. To be called when `isFlushed`
	 * and `writable`.
	 */
	begin(packet: Uint8Array, payload?: Payload): Uint8Array {
		if (payload !== undefined && payload.length > 0) {
			this.continueWith(payload, 0);
			return packet;
		}
		if (packet.length <= SEGMENT_BYTES) return packet;
		this.continueWith(packet, SEGMENT_BYTES);
		return partOf(packet, 0, SEGMENT_BYTES);
	}

	private continueWith(payload: Payload, at: number): void {
		this.#rest = { payload, at, end: payload.length, fault: undefined };
	}

	private nextPart(rest: Rest): Uint8Array | undefined {
		if (rest.fault !== undefined) return undefined;
		try {
			const part = partOf(rest.payload, rest.at, rest.end);
			rest.at += part.length;
			if (rest.at === rest.end) this.#rest = undefined;
			return part;
		} catch (error) {
			rest.fault = textOf(error);
			return undefined;
		}
	}
}
