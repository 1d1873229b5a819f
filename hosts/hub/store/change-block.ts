import type { StoreWrite } from "../../../src/broker/index.ts";
import { keyLength, SUM, sumOf, writeKey } from "./rows.ts";

/*
 * Writes on their way to the thread that commits them, in one piece of memory: for each, the length of the key (1 byte),
 * the length of the value (4 bytes, big-endian) or DELETION, the key, and for a put the value and room for its check sum.
 */

const HEAD = 5;
const DELETION = 0xffff_ffff;

/** Packs a batch. Values are copied. */
export function packWrites(writes: readonly StoreWrite[]): Uint8Array {
	const block = new Uint8Array(writes.reduce((sum, write) => sum + packedLength(write), 0));
	const view = new DataView(block.buffer);
	let at = 0;
	for (const write of writes) {
		packWrite(block, view, at, write);
		at += packedLength(write);
	}
	return block;
}

function packedLength(write: StoreWrite): number {
	const length = HEAD + keyLength(write.key);
	return write.kind === "put" ? length + write.value.length + SUM : length;
}

function packWrite(block: Uint8Array, view: DataView, at: number, write: StoreWrite): void {
	const length = keyLength(write.key);
	view.setUint8(at, length);
	view.setUint32(at + 1, write.kind === "put" ? write.value.length : DELETION);
	writeKey(view, at + HEAD, write.table, write.key);
	if (write.kind === "put") block.set(write.value, at + HEAD + length);
}

/** One write of a block. */
export interface Change {
	readonly key: Uint8Array;
	/** With its check sum; undefined: the row is deleted. */
	readonly value: Uint8Array | undefined;
}

/**
 * The writes of several batches, with only the last one of each row: whoever puts a message and soon deletes it, as
 * happens when a subscriber is quick, need not bother the disk. Keeps views on the blocks.
 */
export class MergedChanges {
	readonly #block: Buffer;
	readonly #view: DataView;
	/** Where the last change of each row is, by its key as a text of bytes. */
	readonly #places = new Map<string, number>();

	constructor(blocks: readonly Uint8Array[]) {
		const [first] = blocks;
		this.#block =
			first !== undefined && blocks.length === 1
				? Buffer.from(first.buffer, first.byteOffset, first.length)
				: Buffer.concat(blocks);
		this.#view = new DataView(this.#block.buffer, this.#block.byteOffset, this.#block.length);
		for (let at = 0; at < this.#block.length; at = this.#end(at)) {
			this.#places.set(this.#block.toString("latin1", at + HEAD, this.#keyEnd(at)), at);
		}
	}

	*[Symbol.iterator](): Generator<Change> {
		for (const at of this.#places.values()) yield this.#change(at);
	}

	/** One block of the changes that `isNeeded` says yes to. */
	pack(isNeeded: (change: Change) => boolean): Uint8Array {
		const needed = [...this.#places.values()].filter((at) => isNeeded(this.#change(at)));
		return Buffer.concat(needed.map((at) => this.#block.subarray(at, this.#end(at))));
	}

	#change(at: number): Change {
		const keyEnd = this.#keyEnd(at);
		const key = this.#block.subarray(at + HEAD, keyEnd);
		if (this.#view.getUint32(at + 1) === DELETION) return { key, value: undefined };
		const end = this.#end(at);
		this.#view.setUint32(end - SUM, sumOf(this.#block.subarray(at + HEAD, end - SUM)));
		return { key, value: this.#block.subarray(keyEnd, end) };
	}

	#keyEnd(at: number): number {
		return at + HEAD + this.#view.getUint8(at);
	}

	#end(at: number): number {
		const length = this.#view.getUint32(at + 1);
		return length === DELETION ? this.#keyEnd(at) : this.#keyEnd(at) + length + SUM;
	}
}
