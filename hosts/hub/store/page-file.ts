import { closeSync, fstatSync, openSync, readSync } from "node:fs";
import { META_LENGTH, type Meta, PageFormat, SYSTEM_WORD, type WordSize } from "./page-format.ts";
import { StoreError } from "./store-error.ts";

/** An LMDB file, read page by page. */
export class PageFile {
	readonly path: string;
	readonly format: PageFormat;
	/** Bytes of a page. */
	readonly pageSize: number;
	/** Pages that the file has room for. */
	readonly pageCount: number;
	readonly #file: number;

	/** Throws StoreError if the file does not begin as an LMDB file of systems with such words does. */
	constructor(path: string, word: WordSize = SYSTEM_WORD) {
		this.path = path;
		this.format = new PageFormat(word);
		this.#file = openSync(path, "r");
		try {
			this.pageSize = this.#firstMeta().pageSize;
			this.pageCount = Math.floor(fstatSync(this.#file).size / this.pageSize);
		} catch (error) {
			this.close();
			throw error;
		}
	}

	/** One page, or less at the end of the file. */
	page(number: number): DataView {
		return this.#read(number * this.pageSize, this.pageSize);
	}

	/** What overflowed into the pages from this one on. */
	overflow(number: number, length: number): Uint8Array {
		const { buffer, byteOffset, byteLength } = this.#read(number * this.pageSize + this.format.headerLength, length);
		return new Uint8Array(buffer, byteOffset, byteLength);
	}

	close(): void {
		closeSync(this.#file);
	}

	#firstMeta(): Meta {
		const start = this.#read(0, META_LENGTH);
		if (start.byteLength === 0) throw StoreError.damaged(this.path, "it is empty");
		const meta = this.format.meta(start);
		if (typeof meta === "string") throw StoreError.foreign(this.path, meta);
		if (!isPageSize(meta.pageSize)) throw StoreError.damaged(this.path, `its pages have ${meta.pageSize} bytes`);
		return meta;
	}

	#read(at: number, length: number): DataView {
		const bytes = new Uint8Array(length);
		return new DataView(bytes.buffer, 0, readSync(this.#file, bytes, 0, length, at));
	}
}

function isPageSize(size: number): boolean {
	return size >= 256 && size <= 65_536 && Number.isInteger(Math.log2(size));
}
