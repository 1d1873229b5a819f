import { ProtocolError } from "./errors.ts";
import { REASON } from "./reason.ts";
import { decodeUtf8 } from "./utf8.ts";

/**
 * Reads the fields of one packet in order. Every method throws ProtocolError (Malformed Packet) when the field does not
 * fit into what is left; `what` names the field in the message.
 */
export class Reader {
	bytes: Uint8Array;
	/** Where the next field starts. */
	at: number;
	/** Where the packet, or the part of it that is being read, ends. */
	end: number;
	readonly #packet: string;

	constructor(packet: string, bytes: Uint8Array, start: number, end: number) {
		this.#packet = packet;
		this.bytes = bytes;
		this.at = start;
		this.end = end;
	}

	byte(what: string): number {
		return this.bytes[this.#take(1, what)] as number;
	}

	uint16(what: string): number {
		const at = this.#take(2, what);
		return ((this.bytes[at] as number) << 8) | (this.bytes[at + 1] as number);
	}

	uint32(what: string): number {
		const high = this.uint16(what);
		return high * 65_536 + this.uint16(what);
	}

	/** A variable byte integer, which must take the fewest bytes possible [MQTT-1.5.5-1]. */
	varint(what: string): number {
		let value = 0;
		for (let shift = 0; shift < 28; shift += 7) {
			const byte = this.byte(what);
			value |= (byte & 0x7f) << shift;
			if (byte > 127) continue;
			if (byte === 0 && shift > 0) throw this.malformed(`${what} takes more bytes than it needs`);
			return value;
		}
		throw this.malformed(`${what} is longer than four bytes`);
	}

	/** A UTF-8 string after its two-byte length. */
	text(what: string): string {
		const length = this.uint16(what);
		const start = this.#take(length, what);
		return decodeUtf8(this.bytes, start, this.at);
	}

	/** Binary data after its two-byte length, as a copy. */
	binary(what: string): Uint8Array {
		const length = this.uint16(what);
		const start = this.#take(length, what);
		return this.bytes.slice(start, this.at);
	}

	/** Refuses bytes after the last field. */
	finish(): void {
		if (this.at !== this.end) throw this.malformed(`${this.end - this.at} bytes follow its last field`);
	}

	malformed(what: string): ProtocolError {
		return new ProtocolError(REASON.MALFORMED_PACKET, `${this.#packet}: ${what}.`);
	}

	protocolError(what: string): ProtocolError {
		return new ProtocolError(REASON.PROTOCOL_ERROR, `${this.#packet}: ${what}.`);
	}

	#take(length: number, what: string): number {
		const start = this.at;
		if (start + length > this.end) throw this.malformed(`${what} does not fit into the packet`);
		this.at = start + length;
		return start;
	}
}
