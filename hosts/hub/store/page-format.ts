/*
 * The parts of LMDB's file format that a check needs, as LMDB 0.9.90 (data version 2, which lmdb-js brings) writes them.
 * A file is an image of LMDB's own structures: what is a word is as long as the system's pointers, and little-endian on
 * every system that Node runs on but one.
 */

/** Bytes of a word. */
export type WordSize = 4 | 8;

/** What a page is. */
export const PAGE = { BRANCH: 0x01, LEAF: 0x02, OVERFLOW: 0x04, META: 0x08 } as const;
/** What a leaf's entry holds besides bytes. */
const ENTRY = { OVERFLOWING: 0x01, DATABASE: 0x02 } as const;

const MAGIC = 0xbeef_c0de;
const DATA_VERSION = 2;
/** Bytes of a first look at a file: more than the first page's header and what follows it have. */
export const META_LENGTH = 192;
const ENTRY_HEADER = 8;
const SYSTEMS_OF_32_BITS: readonly string[] = ["arm", "ia32", "mips", "mipsel"];

/** The words of the system that this runs on. */
export const SYSTEM_WORD: WordSize = SYSTEMS_OF_32_BITS.includes(process.arch) ? 4 : 8;

/** One of the file's two trees. */
export interface Tree {
	readonly flags: number;
	readonly depth: number;
	/** Undefined: the tree is empty. */
	readonly root: number | undefined;
}

/** The state of the database after one transaction. */
export interface Meta {
	readonly pageSize: number;
	/** Which pages may be used anew: per transaction, a list of numbers. */
	readonly free: Tree;
	readonly main: Tree;
	readonly lastPage: number;
	readonly transaction: number;
}

/** One entry of a branch or a leaf. */
export interface Entry {
	readonly key: Uint8Array;
	/** Of a branch: the page below. Of a leaf: where its value overflows to, if it does. */
	readonly page: number | undefined;
	/** Bytes of a leaf's value. */
	readonly length: number;
	/** A leaf's value, unless it overflows. */
	readonly value: Uint8Array | undefined;
}

/** Pages that follow each other. */
export interface PageRun {
	readonly first: number;
	readonly count: number;
}

/** Reads the pages of a file. Numbers that no disk has pages for may come out inexact. */
export class PageFormat {
	readonly #word: WordSize;
	/** Bytes before a page's content: page number, transaction, key size, flags, and the bounds of the free space. */
	readonly headerLength: number;

	constructor(word: WordSize) {
		this.#word = word;
		this.headerLength = 2 * word + 8;
	}

	/** What a page says that is one of the two with which a file begins, or what speaks against that. */
	meta(page: DataView): Meta | string {
		if (page.byteLength < META_LENGTH) return "too short";
		if (!this.#isMeta(page)) return this.#other().#isMeta(page) ? "of a system with other words" : "not an LMDB file";
		const at = this.headerLength;
		const version = page.getUint32(at + 4, true) & 0xffff;
		if (version !== DATA_VERSION) return `of LMDB's data version ${version} instead of ${DATA_VERSION}`;
		const trees = at + 8 + 2 * this.#word;
		const treeLength = 8 + 5 * this.#word;
		const end = trees + 2 * treeLength;
		return {
			pageSize: page.getUint32(trees, true),
			free: this.#tree(page, trees),
			main: this.#tree(page, trees + treeLength),
			lastPage: this.#wordAt(page, end),
			transaction: this.#wordAt(page, end + this.#word),
		};
	}

	/** The number that a page has written on itself. */
	number(page: DataView): number {
		return this.#wordAt(page, 0);
	}

	flags(page: DataView): number {
		return page.getUint16(2 * this.#word + 2, true);
	}

	/** How many pages an overflow page and those after it are. */
	overflowCount(page: DataView): number {
		return page.getUint32(2 * this.#word + 4, true);
	}

	/** How many pages a value of this many bytes overflows into. */
	overflowPages(length: number, pageSize: number): number {
		return Math.ceil((this.headerLength + length) / pageSize);
	}

	/** The entries of a branch or a leaf in order; undefined if its parts lie outside of it. */
	entries(page: DataView): readonly Entry[] | undefined {
		const start = this.headerLength;
		const lower = page.getUint16(2 * this.#word + 4, true);
		const upper = page.getUint16(2 * this.#word + 6, true);
		if (lower % 2 !== 0 || lower > upper || start + upper > page.byteLength) return undefined;
		const isLeaf = this.flags(page) === PAGE.LEAF;
		const entries: Entry[] = [];
		for (let slot = start; slot < start + lower; slot += 2) {
			const offset = page.getUint16(slot, true);
			const entry = offset < upper ? undefined : this.#entry(page, start + offset, isLeaf);
			if (entry === undefined) return undefined;
			entries.push(entry);
		}
		return entries;
	}

	/**
	 * The pages in a list of free ones; undefined if the list is shorter than it says. It begins with the number of its
	 * entries: page numbers, and before the first page of a longer run, the length of the run as a negative number.
	 */
	freePages(list: Uint8Array): readonly PageRun[] | undefined {
		const view = new DataView(list.buffer, list.byteOffset, list.length);
		const size = list.length < this.#word ? -1 : this.#signedAt(view, 0);
		if (size < 0 || (size + 1) * this.#word > list.length) return undefined;
		const runs: PageRun[] = [];
		for (let index = 1, count = 1; index <= size; index++) {
			const number = this.#signedAt(view, index * this.#word);
			if (number > 0) runs.push({ first: number, count });
			count = number < 0 ? -number : 1;
		}
		return runs;
	}

	/** The transaction that a key in the tree of free pages is the number of; -1 if it is none. */
	transactionOf(key: Uint8Array): number {
		return key.length === this.#word ? this.#wordAt(new DataView(key.buffer, key.byteOffset, key.length), 0) : -1;
	}

	#isMeta(page: DataView): boolean {
		return page.getUint32(this.headerLength, true) === MAGIC && (this.flags(page) & PAGE.META) !== 0;
	}

	#other(): PageFormat {
		return new PageFormat(this.#word === 8 ? 4 : 8);
	}

	#tree(page: DataView, at: number): Tree {
		const root = this.#wordAt(page, at + 8 + 4 * this.#word);
		const none = 2 ** (8 * this.#word) - 1; // of 64 bits it is inexact, and so is what is read
		return {
			flags: page.getUint16(at + 4, true),
			depth: page.getUint16(at + 6, true),
			root: root === none ? undefined : root,
		};
	}

	#entry(page: DataView, at: number, isLeaf: boolean): Entry | undefined {
		const keyAt = at + ENTRY_HEADER;
		if (keyAt > page.byteLength) return undefined;
		const number = page.getUint32(at, true);
		const flags = page.getUint16(at + 4, true);
		const valueAt = keyAt + page.getUint16(at + 6, true);
		if (valueAt > page.byteLength) return undefined;
		const key = bytesOf(page, keyAt, valueAt);
		if (!isLeaf)
			return { key, page: this.#word === 8 ? number + flags * 2 ** 32 : number, length: 0, value: undefined };
		if (flags === ENTRY.OVERFLOWING) {
			if (valueAt + this.#word > page.byteLength) return undefined;
			return { key, page: this.#wordAt(page, valueAt), length: number, value: undefined };
		}
		if ((flags !== 0 && flags !== ENTRY.DATABASE) || valueAt + number > page.byteLength) return undefined;
		return { key, page: undefined, length: number, value: bytesOf(page, valueAt, valueAt + number) };
	}

	#wordAt(view: DataView, at: number): number {
		return this.#word === 8 ? Number(view.getBigUint64(at, true)) : view.getUint32(at, true);
	}

	#signedAt(view: DataView, at: number): number {
		return this.#word === 8 ? Number(view.getBigInt64(at, true)) : view.getInt32(at, true);
	}
}

function bytesOf(page: DataView, start: number, end: number): Uint8Array {
	return new Uint8Array(page.buffer, page.byteOffset + start, end - start);
}
