import { PUBLISH } from "./control.ts";
import { ProtocolError, UsageError } from "./errors.ts";
import { preambleLength } from "./publish-preamble.ts";
import { REASON } from "./reason.ts";

/** The length limits of a decoder, in bytes. */
interface Limits {
	/** The longest packet. */
	readonly maxPacket: number;
	/** A PUBLISH with a longer payload is streamed. */
	readonly streamAbove: number;
	/** What must be held of a packet that is longer than `streamAbove`. */
	readonly maxHeld: number;
}

/** Tells how long the packet at hand is, and refuses it if it is too long, from as little of it as possible. */
export class Extent {
	maxPacket: number;
	/** Length of the fixed header. */
	header = 0;
	/** Length of the payload, if it is to be streamed; otherwise 0. */
	streamed = 0;
	readonly #streamAbove: number;
	readonly #maxHeld: number;

	constructor(limits: Limits) {
		this.maxPacket = limits.maxPacket;
		this.#streamAbove = limits.streamAbove;
		this.#maxHeld = limits.maxHeld;
	}

	/**
	 * How many bytes of the packet at `at` must be there before it can be read, as far as the first `have` of them tell:
	 * all of it, or all before its payload if that is to be streamed. Throws ProtocolError if it is malformed or too long.
	 */
	measure(bytes: Uint8Array, at: number, have: number, version: number): number {
		if (have < 2) return 2;
		let header = 2;
		let body = bytes[at + 1] as number;
		if (body > 0x7f) {
			body &= 0x7f;
			for (let byte = 0x80; byte > 0x7f; header++) {
				if (header === 5) throw malformed("The remaining length has more than four bytes.");
				if (header === have) return header + 1;
				byte = bytes[at + header] as number;
				body |= (byte & 0x7f) << (7 * (header - 1));
			}
		}
		const length = header + body;
		if (length > this.maxPacket) throw tooLarge(length, this.maxPacket);
		this.header = header;
		this.streamed = 0;
		return body > this.#streamAbove ? this.measureLong(bytes, at, have, length, version) : length;
	}

	private measureLong(bytes: Uint8Array, at: number, have: number, length: number, version: number): number {
		let wanted = length;
		if ((bytes[at] as number) >> 4 === PUBLISH) {
			const preamble = preambleLength(bytes, at, have, this.header, version);
			if (preamble > length) throw malformed("PUBLISH: its fields do not fit into it.");
			const payload = length - preamble;
			if (preamble > have) wanted = preamble;
			else if (payload > this.#streamAbove) {
				wanted = preamble;
				this.streamed = payload;
			}
		}
		if (wanted > this.#maxHeld) throw tooLarge(wanted, this.#maxHeld);
		return wanted;
	}
}

function malformed(message: string): ProtocolError {
	return new ProtocolError(REASON.MALFORMED_PACKET, message);
}

function tooLarge(length: number, limit: number): ProtocolError {
	return new ProtocolError(REASON.PACKET_TOO_LARGE, `A packet needs ${length} bytes; the limit is ${limit}.`);
}

/** Throws UsageError for a limit under which no packet would fit. */
export function checkLimit(name: string, bytes: number): number {
	if (bytes >= 2) return bytes;
	throw new UsageError(`${name} is ${bytes}; it must be at least 2, the length in bytes of the shortest packet.`);
}
