import { ProtocolError, UsageError } from "./errors.ts";
import { checkLimit, Extent } from "./extent.ts";
import { checkFirstByte, checkFirstPacket } from "./fixed-header.ts";
import { HeldPacket } from "./held-packet.ts";
import { readPacket } from "./packet-reader.ts";
import type { DecodedPacket, ProtocolVersion, PublishBegin } from "./packets.ts";
import { PayloadStream } from "./payload-stream.ts";
import { readPublish } from "./publish-reader.ts";
import { REASON } from "./reason.ts";
import type { Role, Rules } from "./rules.ts";
import { varintLength } from "./varint.ts";

export interface DecoderOptions {
	/** Which side decodes, CLIENT or SERVER: it refuses packets that only its own side sends. */
	readonly role: Role;
	/** Longest packet in bytes, fixed header included; refused (0x95) from its fixed header alone. */
	readonly maxPacket: number;
	/** A server's limit in the place of `maxPacket` until the CONNECT has come, if it is lower. */
	readonly maxConnect?: number;
	/** A PUBLISH whose payload exceeds this many bytes is yielded in pieces. Left out: never. */
	readonly streamAbove?: number;
	/**
	 * With `streamAbove`, where `maxPacket` may be more than the memory holds: bytes of one packet that must be held at
	 * once, that is a whole packet or all of a PUBLISH but its payload; more are refused (0x95). Default: `streamAbove`
	 * and 4,096 bytes.
	 */
	readonly maxHeld?: number;
	/** User properties that one packet may have; more are refused (0x97). Left out: what `maxPacket` allows. */
	readonly maxUserProperties?: number;
}

const NOTHING = new Uint8Array(0);
const HEADROOM = 4_096;

/**
 * Makes packets out of bytes that arrive in any cuts. A packet within one chunk is read in place; of one that straddles
 * chunks, what has arrived is copied together. Byte fields of a PUBLISH are views on the chunk, or on that copy.
 */
export class Decoder {
	readonly #rules: { -readonly [K in keyof Rules]: Rules[K] };
	readonly #extent: Extent;
	readonly #held = new HeldPacket();
	readonly #stream = new PayloadStream();
	/** The limit after the CONNECT. */
	#maxPacket: number;
	/** `alwaysGood` of the role; nothing is before the CONNECT. */
	#good: Uint8Array;
	/** What was pushed, and where its unread part starts. */
	#chunk: Uint8Array = NOTHING;
	#at = 0;
	/** A packet was begun and not finished, or there was an error. */
	#within = false;
	#failure: Error | undefined;
	/** Where the last packet is, if it was a PUBLISH as a whole. */
	#frame: Uint8Array = NOTHING;
	#frameStart = 0;
	#frameEnd = 0;

	/** Throws UsageError for limits under which no packet fits. */
	constructor(options: DecoderOptions) {
		const { role, maxUserProperties = Number.POSITIVE_INFINITY, streamAbove = Number.POSITIVE_INFINITY } = options;
		this.#rules = { role, version: 4, maxUserProperties };
		this.#maxPacket = checkLimit("maxPacket", options.maxPacket);
		const isServer = role.peer === "client";
		const maxConnect = isServer ? checkLimit("maxConnect", options.maxConnect ?? this.#maxPacket) : this.#maxPacket;
		const maxHeld = checkLimit("maxHeld", options.maxHeld ?? streamAbove + HEADROOM);
		this.#extent = new Extent({ maxPacket: Math.min(maxConnect, this.#maxPacket), streamAbove, maxHeld });
		this.#good = isServer ? NOTHING : role.alwaysGood;
	}

	/** The server's is set by the CONNECT it decodes; the client sets its own before the first byte. */
	get version(): ProtocolVersion {
		return this.#rules.version;
	}

	/** On a server, this also says that the CONNECT has come. */
	set version(version: ProtocolVersion) {
		this.#rules.version = version;
		this.#good = this.#rules.role.alwaysGood;
		this.#extent.maxPacket = this.#maxPacket;
	}

	/** Longest packet in bytes. May be changed between packets. */
	get maxPacket(): number {
		return this.#maxPacket;
	}

	set maxPacket(bytes: number) {
		this.#maxPacket = checkLimit("maxPacket", bytes);
		if (this.#good !== NOTHING || bytes < this.#extent.maxPacket) this.#extent.maxPacket = bytes;
	}

	/** How many bytes of an incomplete packet have come; 0 on a packet boundary. */
	get pending(): number {
		return this.#stream.missing > 0 ? this.#stream.seen : this.#held.length;
	}

	/** How many bytes of memory an incomplete packet takes. */
	get held(): number {
		return this.#held.bytes.length;
	}

	/**
	 * All bytes of the PUBLISH that `next` has just returned as a whole, as a view. Forwarded unchanged, they keep what
	 * must be kept: payload, and user properties in their order [MQTT-3.3.2-17], [MQTT-3.3.2-18].
	 */
	get frame(): Uint8Array {
		if (this.#frame === NOTHING) throw new UsageError("There is no frame: the last packet was no PUBLISH as a whole.");
		return this.#frame.subarray(this.#frameStart, this.#frameEnd);
	}

	/** Takes received bytes of any cut. Call `next` until it returns undefined before the next push. */
	push(bytes: Uint8Array): void {
		if (this.#at < this.#chunk.length) throw new UsageError("Call next() until it returns undefined before push().");
		if (this.#failure !== undefined) return;
		// Views of a Node Buffer would be Buffers, whose slice() and toString() mean something else.
		const plain = bytes.constructor === Uint8Array;
		this.#chunk = plain ? bytes : new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.length);
		this.#at = 0;
	}

	/**
	 * The next packet, or undefined if more bytes are needed. Throws ProtocolError when the peer broke the protocol, and
	 * the same error again at every later call.
	 */
	next(): DecodedPacket | undefined {
		try {
			return this.#within ? this.resume() : this.nextInPlace();
		} catch (error) {
			throw this.fail(error);
		}
	}

	private nextInPlace(): DecodedPacket | undefined {
		const chunk = this.#chunk;
		const at = this.#at;
		const have = chunk.length - at;
		if (have === 0) return this.release();
		const first = chunk[at] as number;
		if (this.#good[first] !== 1) this.checkFirst(first);
		const wanted = this.#extent.measure(chunk, at, have, this.#rules.version);
		if (wanted > have) {
			this.#held.append(chunk, at, chunk.length, wanted);
			this.#within = true;
			return this.release();
		}
		this.#at = at + wanted;
		return this.read(chunk, at, at + wanted);
	}

	private checkFirst(first: number): void {
		if (this.#good === NOTHING) checkFirstPacket(first);
		checkFirstByte(first, this.#rules);
	}

	private resume(): DecodedPacket | undefined {
		if (this.#failure !== undefined) throw this.#failure;
		if (this.#stream.missing === 0) return this.completeHeld();
		if (this.#at === this.#chunk.length) return this.release();
		const piece = this.#stream.take(this.#chunk, this.#at);
		this.#at += piece.bytes.length;
		this.#within = !piece.end;
		return piece;
	}

	private completeHeld(): DecodedPacket | undefined {
		const held = this.#held;
		for (;;) {
			const wanted = this.#extent.measure(held.bytes, 0, held.length, this.#rules.version);
			if (wanted <= held.length) break;
			const end = Math.min(this.#at + wanted - held.length, this.#chunk.length);
			if (end === this.#at) return this.release();
			held.append(this.#chunk, this.#at, end, wanted);
			this.#at = end;
		}
		const { bytes, length } = held;
		held.clear();
		this.#within = false;
		return this.read(bytes, 0, length);
	}

	/** Lets go of a chunk that was read to its end: the memory behind it may be large. */
	private release(): undefined {
		this.#chunk = NOTHING;
		this.#at = 0;
		this.#frame = NOTHING;
	}

	private fail(error: unknown): Error {
		this.#failure = error instanceof Error ? error : new Error(String(error));
		this.#within = true;
		this.#held.clear();
		this.release();
		return this.#failure;
	}

	private read(bytes: Uint8Array, start: number, end: number): DecodedPacket {
		const { header, streamed } = this.#extent;
		const body = start + header;
		if (header > 2) this.checkHeaderLength(header, end - body + streamed);
		if (streamed > 0) return this.begin(bytes, start, body, end);
		const packet = readPacket(bytes, start, body, end, this.#rules);
		if (packet.cmd === "publish") {
			this.#frame = bytes;
			this.#frameStart = start;
			this.#frameEnd = end;
			return packet;
		}
		this.#frame = NOTHING;
		if (packet.cmd === "connect") {
			this.version = packet.protocolVersion;
			this.checkHeaderLength(header, end - body);
		}
		return packet;
	}

	/** [MQTT-1.5.5-1] is new in version 5; before, clients may pad the length. A CONNECT decides on the version itself. */
	private checkHeaderLength(header: number, body: number): void {
		if (this.#rules.version === 5 && header > 1 + varintLength(body)) {
			throw new ProtocolError(REASON.MALFORMED_PACKET, "The remaining length takes more bytes than it needs.");
		}
	}

	private begin(bytes: Uint8Array, start: number, body: number, end: number): PublishBegin {
		const length = this.#extent.streamed;
		const { payload: _, ...header } = readPublish(bytes[start] as number, bytes, body, end, this.#rules);
		this.#frame = NOTHING;
		this.#stream.begin(end - start, length);
		this.#within = true;
		return { ...header, cmd: "publishBegin", length };
	}
}
