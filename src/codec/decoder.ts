import { ProtocolError, UsageError } from "./errors.ts";
import { checkLimit, Extent } from "./extent.ts";
import { checkFirstByte } from "./fixed-header.ts";
import { HeldPacket } from "./held-packet.ts";
import { NOTHING } from "./nothing.ts";
import { readPacket } from "./packet-reader.ts";
import type { DecodedPacket, ProtocolVersion, PublishBegin } from "./packets.ts";
import { PayloadStream } from "./payload-stream.ts";
import { readPublish } from "./publish-reader.ts";
import { REASON } from "./reason.ts";
import type { Role, Rules } from "./rules.ts";
import { varintLength } from "./varint.ts";

export interface DecoderOptions {
	/** Which side decodes, CLIENT or SERVER: it refuses packets that only its own side sends. See also ServerDecoder. */
	readonly role: Role;
	/** Longest packet in bytes, fixed header included; refused (0x95) from its fixed header alone. */
	readonly maxPacket: number;
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

const HEADROOM = 4_096;

/**
 * Makes packets out of bytes that arrive in any cuts. A packet within one chunk is read in place; of one that straddles
 * chunks, what has arrived is copied together. Byte fields of a PUBLISH are views on the chunk, or on that copy.
 */
export class Decoder {
	readonly #rules: Rules;
	readonly #extent: Extent;
	readonly #held = new HeldPacket();
	readonly #stream = new PayloadStream();
	/** What was pushed, and where its unread part starts. */
	#chunk: Uint8Array = NOTHING;
	#at = 0;
	/** A packet was begun and not finished, or there was an error. */
	#within = false;
	#failure: Error | undefined;

	/** Throws UsageError for limits under which no packet fits. */
	constructor(options: DecoderOptions) {
		const streamAbove = options.streamAbove ?? Number.POSITIVE_INFINITY;
		const maxUserProperties = options.maxUserProperties ?? Number.POSITIVE_INFINITY;
		this.#rules = { role: options.role, version: 4, maxUserProperties };
		const maxPacket = checkLimit("maxPacket", options.maxPacket);
		const maxHeld = checkLimit("maxHeld", options.maxHeld ?? streamAbove + HEADROOM);
		this.#extent = new Extent({ maxPacket, streamAbove, maxHeld });
	}

	/** The server's is set by the CONNECT it decodes; the client sets its own before the first byte. */
	get version(): ProtocolVersion {
		return this.#rules.version;
	}

	set version(version: ProtocolVersion) {
		this.#rules.version = version;
	}

	/** Longest packet in bytes. May be changed between packets. */
	get maxPacket(): number {
		return this.#extent.maxPacket;
	}

	set maxPacket(bytes: number) {
		this.#extent.maxPacket = checkLimit("maxPacket", bytes);
	}

	/** How many bytes of an incomplete packet have come; 0 on a packet boundary. */
	get pending(): number {
		return this.#stream.missing > 0 ? this.#stream.seen : this.#held.length;
	}

	/** How many bytes of memory an incomplete packet takes. */
	get held(): number {
		return this.#held.bytes.length;
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
			this.fail(error as Error);
			throw error;
		}
	}

	private nextInPlace(): DecodedPacket | undefined {
		const chunk = this.#chunk;
		const at = this.#at;
		const have = chunk.length - at;
		if (have === 0) return this.release();
		const first = chunk[at] as number;
		if (this.#rules.role.alwaysGood[first] !== 1) checkFirstByte(first, this.#rules);
		const wanted = this.#extent.measure(chunk, at, have, this.#rules.version);
		if (wanted > have) {
			this.#held.append(chunk, at, chunk.length, wanted);
			this.#within = true;
			return this.release();
		}
		this.#at = at + wanted;
		return this.read(chunk, at, at + wanted);
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
	protected release(): undefined {
		this.#chunk = NOTHING;
		this.#at = 0;
	}

	private fail(error: Error): void {
		this.#failure = error;
		this.#within = true;
		this.#held.clear();
		this.release();
	}

	protected read(bytes: Uint8Array, start: number, end: number): DecodedPacket {
		const { header, streamed } = this.#extent;
		const body = start + header;
		const packet =
			streamed > 0 ? this.begin(bytes, start, body, end) : readPacket(bytes, start, body, end, this.#rules);
		// [MQTT-1.5.5-1] is new in version 5; before, clients may pad the length. A CONNECT has decided on the version now.
		if (header > 2 && this.#rules.version === 5 && header > 1 + varintLength(end - body + streamed)) {
			throw new ProtocolError(REASON.MALFORMED_PACKET, "The remaining length takes more bytes than it needs.");
		}
		return packet;
	}

	private begin(bytes: Uint8Array, start: number, body: number, end: number): PublishBegin {
		const length = this.#extent.streamed;
		const { payload: _, ...header } = readPublish(bytes[start] as number, bytes, body, end, this.#rules);
		this.#stream.begin(end - start, length);
		this.#within = true;
		return { ...header, cmd: "publishBegin", length };
	}
}
