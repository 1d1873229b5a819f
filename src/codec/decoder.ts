import mqttPacket from "mqtt-packet";
import * as control from "./control.ts";
import { ProtocolError } from "./errors.ts";
import type { AckCommand, DecodedPacket, ProtocolVersion } from "./packets.ts";
import { readProperties } from "./property-reader.ts";
import { readMessageId, readPublishHeader } from "./publish-reader.ts";
import { Reader } from "./reader.ts";
import { REASON } from "./reason.ts";

export interface DecoderOptions {
	readonly role: "client" | "server";
	readonly maxPacket: number;
	readonly streamAbove?: number;
	readonly maxConnect?: number;
	readonly maxUserProperties?: number;
}

export class Decoder {
	version: ProtocolVersion = 4;
	maxPacket: number;
	readonly #options: DecoderOptions;
	#bytes: Uint8Array = new Uint8Array(0);
	#connected = false;
	#left = 0;
	#offset = 0;
	#frame: Uint8Array = new Uint8Array(0);

	constructor(options: DecoderOptions) {
		this.#options = options;
		this.maxPacket = options.maxPacket;
		this.#connected = options.role === "client";
	}

	get pending(): number {
		return this.#bytes.length;
	}

	get frame(): Uint8Array {
		return this.#frame;
	}

	push(bytes: Uint8Array): void {
		const joined = new Uint8Array(this.#bytes.length + bytes.length);
		joined.set(this.#bytes);
		joined.set(bytes, this.#bytes.length);
		this.#bytes = joined;
	}

	next(): DecodedPacket | undefined {
		const bytes = this.#bytes;
		if (this.#left > 0) {
			if (bytes.length === 0) return undefined;
			const part = bytes.subarray(0, this.#left);
			const offset = this.#offset;
			this.#left -= part.length;
			this.#offset += part.length;
			this.#bytes = bytes.subarray(part.length);
			return { cmd: "publishChunk", offset, bytes: part, end: this.#left === 0 };
		}
		let length = 0;
		let at = 1;
		for (; ; at++) {
			if (at >= bytes.length) return undefined;
			const byte = bytes[at] as number;
			length |= (byte & 0x7f) << (7 * (at - 1));
			if (byte < 128) break;
			if (at === 4) throw new ProtocolError(REASON.MALFORMED_PACKET, "The remaining length has five bytes.");
		}
		at++;
		const limit = this.#connected ? this.maxPacket : (this.#options.maxConnect ?? this.maxPacket);
		if (at + length > limit) throw new ProtocolError(REASON.PACKET_TOO_LARGE, "Packet too large.");
		if (at + length > bytes.length) return undefined;
		const end = at + length;
		this.#bytes = bytes.subarray(end);
		return this.#decode(bytes, at, end);
	}

	#decode(bytes: Uint8Array, at: number, end: number): DecodedPacket {
		const first = bytes[0] as number;
		const type = first >> 4;
		const reader = new Reader(control.NAMES[type] as string, bytes, at, end);
		const userProperties = this.#options.maxUserProperties ?? 1000;
		switch (type) {
			case control.PUBLISH: {
				if ((first & 6) === 6) throw reader.malformed("QoS 3");
				const header = readPublishHeader(reader, first, this.version, userProperties);
				const payload = bytes.subarray(reader.at, end);
				const above = this.#options.streamAbove;
				if (above !== undefined && payload.length > above) {
					this.#left = payload.length;
					this.#offset = 0;
					const rest = this.#bytes;
					this.#bytes = new Uint8Array(0);
					this.push(payload);
					this.push(rest);
					return { cmd: "publishBegin", ...header, length: payload.length };
				}
				this.#frame = bytes.subarray(0, end);
				return { cmd: "publish", ...header, payload };
			}
			case control.PUBACK:
			case control.PUBREC:
			case control.PUBREL:
			case control.PUBCOMP: {
				const cmd = (control.NAMES[type] as string).toLowerCase() as AckCommand;
				const messageId = readMessageId(reader);
				const reasonCode = end - at > 2 ? reader.byte("reason") : 0;
				const properties = end - at > 3 ? readProperties(reader, type, userProperties) : undefined;
				return properties === undefined ? { cmd, messageId, reasonCode } : { cmd, messageId, reasonCode, properties };
			}
			case control.PINGREQ:
				return { cmd: "pingreq" };
			case control.PINGRESP:
				return { cmd: "pingresp" };
			default: {
				let result: Record<string, unknown> | undefined;
				const parser = mqttPacket.parser({ protocolVersion: this.version });
				parser.on("packet", (packet) => {
					result = { ...packet };
				});
				parser.on("error", (error) => {
					throw new ProtocolError(REASON.MALFORMED_PACKET, error.message);
				});
				parser.parse(bytes.slice(0, end));
				if (result === undefined) throw new ProtocolError(REASON.MALFORMED_PACKET, "Malformed packet.");
				if (result.cmd === "connect") {
					this.version = result.protocolVersion as ProtocolVersion;
					this.#connected = true;
				}
				if (result.cmd === "connack") result.reasonCode ??= result.returnCode;
				if (result.cmd === "disconnect") result.reasonCode ??= 0;
				if (result.cmd === "unsuback") result.granted ??= [];
				return result as unknown as DecodedPacket;
			}
		}
	}
}

