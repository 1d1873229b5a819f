import { utf8Length } from "../../../src/codec/index.ts";

/** As much of Node's Buffer as mqtt-packet needs to write what a device writes: of strings and plain bytes. */
export const Buffer = {
	allocUnsafe: (size: number) => new Uint8Array(size),
	byteLength: (text: string) => utf8Length(text),
	from: (bytes: readonly number[]) => Uint8Array.from(bytes),
};
