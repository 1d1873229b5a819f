import { utf8Length } from "../../../src/codec/index.ts";

/** As much of Node's Buffer as mqtt-packet needs to write what a device writes. */
export class Buffer extends Uint8Array {
	static allocUnsafe(size: number): Buffer {
		return new Buffer(size);
	}

	static isBuffer(value: unknown): boolean {
		return value instanceof Buffer;
	}

	static byteLength(value: string | Uint8Array): number {
		return typeof value === "string" ? utf8Length(value) : value.length;
	}

	writeUInt8(value: number, at: number): void {
		this[at] = value;
	}
}
