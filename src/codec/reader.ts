import type { ProtocolError } from "./errors.ts";
import { packetFault } from "./packet-fault.ts";
import { REASON } from "./reason.ts";
import { decodeUtf8 } from "./utf8.ts";

/**
 * Reads the fields of one packet in order. Every method throws ProtocolError (Malformed Packet) when its field does not
 * fit into what is left; `what` names the field in the message.
 */
export class Reader {
	readonly packetType: number;
	readonly bytes: Uint8Array;
	/** Where the next field starts. */
	at: number;
	/** Where the packet, or the part of it that is being read, ends. */
	end: number;

	constructor(packetType: number, bytes: Uint8Array, start: number, end: number) {
		this.packetType = packetType;
		this.bytes = bytes;
		this.at = start;
		this.end = end;
	}

	/** How many bytes are left. */
	get left(): number {
		return this.end - this.at;
	}

	byte(what: string): number {
		return this.bytes[this.take(1, what)] as number;
	}

	uint16(what: string): number {
		const at = this.take(2, what);
		return ((this.bytes[at] as number) << 8) | (this.bytes[at + 1] as number);
	}

	uint32(what: string): number {
		const high = this.uint16(what);
		return high * 0x1_0000 + this.uint16(what);
	}

	/** A variable byte integer, in the fewest bytes possible [MQTT-1.5.5-1]. */
	varint(what: string): number {
		let value = 0;
		for (let shift = 0; shift < 28; shift += 7) {
			const byte = this.byte(what);
			value |= (byte & 0x7f) << shift;
			if (byte > 0x7f) continue;
			if (byte === 0 && shift > 0) throw this.malformed(`${what} takes more bytes than it needs`);
			return value;
		}
		throw this.malformed(`${what} is longer than four bytes`);
	}

	/** A packet identifier, which is never 0 [MQTT-2.2.1-3]. */
	messageId(): number {
		const id = this.uint16("the packet identifier");
		if (id === 0) throw this.protocolError("the packet identifier is 0");
		return id;
	}

	/** A UTF-8 string after its two-byte length. */
	text(what: string): string {
		const start = this.takeSized(what);
		return decodeUtf8(this.bytes, start, this.at, what);
	}

	/** Binary data after its two-byte length, as a copy. */
	binary(what: string): Uint8Array {
		const start = this.takeSized(what);
		return this.bytes.slice(start, this.at);
	}

	/** Refuses bytes after the last field. */
	finish(): void {
		if (this.at !== this.end) throw this.malformed(`${this.end - this.at} bytes follow its last field`);
	}

	malformed(what: string): ProtocolError {
		return packetFault(this.packetType, REASON.MALFORMED_PACKET, what);
	}

	protocolError(what: string): ProtocolError {
		return packetFault(this.packetType, REASON.PROTOCOL_ERROR, what);
	}

	invalidTopic(what: string): ProtocolError {
		return packetFault(this.packetType, REASON.TOPIC_NAME_INVALID, what);
	}

	private takeSized(what: string): number {
		return this.take(this.uint16(what), what);
	}

	private take(length: number, what: string): number {
		const start = this.at;
		if (start + length > this.end) throw this.malformed(`${what} does not fit into the packet`);
		this.at = start + length;
		return start;
	}
}
