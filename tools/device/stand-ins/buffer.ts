import { utf8Length } from "../../../src/codec/index.ts";

/** As much of Node's Buffer as mqtt-packet needs to write what a device writes: of strings and plain bytes. */
export const Buffer = {
	allocUnsafe: (size: number) => new Uint8Array(size),
	byteLength: utf8Length,
	from: (bytes: readonly number[]) => new Uint8Array(bytes),
};
