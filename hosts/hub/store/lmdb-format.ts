/*
 * The parts of LMDB's file format that a check needs, as LMDB 0.9.90 (data version 2, which lmdb-js brings) writes them
 * on 64-bit little-endian systems. Page numbers are 64 bits long, of which 2^53 are more than any disk has.
 */

/** What a page is. */
export const PAGE = { BRANCH: 0x01, LEAF: 0x02, OVERFLOW: 0x04, META: 0x08 } as const;
/** What a leaf's entry holds besides bytes. */
export const ENTRY = { OVERFLOWING: 0x01, DATABASE: 0x02 } as const;

const MAGIC = 0xbeef_c0de;
const DATA_VERSION = 2;
/** Bytes before a page's content. */
export const PAGE_HEADER = 24;
const PAGE_HEADER_32_BIT = 16;
/** Bytes of a first look at a file: the first page's header and what follows it. */
export const META_LENGTH = PAGE_HEADER + 144;
/** The root of an empty tree. */
const NO_PAGE = 0xffff_ffff_ffff_ffffn;
const ENTRY_HEADER = 8;

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
	readonly transaction: bigint;
}

/** What speaks against a page's being one of the two that every LMDB file begins with, or its content. */
export function readMeta(page: DataView): Meta | string {
	if (page.byteLength < META_LENGTH) return "too short";
	if (page.getUint32(PAGE_HEADER, true) !== MAGIC || (page.getUint16(18, true) & PAGE.META) === 0) {
		const is32Bit = page.getUint32(PAGE_HEADER_32_BIT, true) === MAGIC;
		return is32Bit ? "written by a 32-bit system" : "not an LMDB file";
	}
	const version = page.getUint32(PAGE_HEADER + 4, true) & 0xffff;
	if (version !== DATA_VERSION) return `of LMDB's data version ${version} instead of ${DATA_VERSION}`;
	return {
		pageSize: page.getUint32(PAGE_HEADER + 24, true),
		free: readTree(page, PAGE_HEADER + 24),
		main: readTree(page, PAGE_HEADER + 72),
		lastPage: Number(page.getBigUint64(PAGE_HEADER + 120, true)),
		transaction: page.getBigUint64(PAGE_HEADER + 128, true),
	};
}

function readTree(page: DataView, at: number): Tree {
	const root = page.getBigUint64(at + 40, true);
	return {
		flags: page.getUint16(at + 4, true),
		depth: page.getUint16(at + 6, true),
		root: root === NO_PAGE ? undefined : Number(root),
	};
}

/** The number that a page has written on itself. */
export function pageNumber(page: DataView): number {
	return Number(page.getBigUint64(0, true));
}

export function pageFlags(page: DataView): number {
	return page.getUint16(18, true);
}

/** How many pages an overflow page and those after it are. */
export function overflowCount(page: DataView): number {
	return page.getUint32(20, true);
}

/** How many pages a value of this many bytes overflows into. */
export function overflowPages(length: number, pageSize: number): number {
	return Math.ceil((PAGE_HEADER + length) / pageSize);
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

/** The entries of a branch or a leaf in order; undefined if its parts lie outside of it. */
export function readEntries(page: DataView): readonly Entry[] | undefined {
	const lower = page.getUint16(20, true);
	const upper = page.getUint16(22, true);
	if (lower % 2 !== 0 || lower > upper || PAGE_HEADER + upper > page.byteLength) return undefined;
	const isLeaf = pageFlags(page) === PAGE.LEAF;
	const entries: Entry[] = [];
	for (let slot = PAGE_HEADER; slot < PAGE_HEADER + lower; slot += 2) {
		const offset = page.getUint16(slot, true);
		const entry = offset < upper ? undefined : readEntry(page, PAGE_HEADER + offset, isLeaf);
		if (entry === undefined) return undefined;
		entries.push(entry);
	}
	return entries;
}

function readEntry(page: DataView, at: number, isLeaf: boolean): Entry | undefined {
	const keyAt = at + ENTRY_HEADER;
	if (keyAt > page.byteLength) return undefined;
	const number = page.getUint32(at, true);
	const flags = page.getUint16(at + 4, true);
	const valueAt = keyAt + page.getUint16(at + 6, true);
	if (valueAt > page.byteLength) return undefined;
	const key = bytesOf(page, keyAt, valueAt);
	if (!isLeaf) return { key, page: number + flags * 2 ** 32, length: 0, value: undefined };
	if (flags === ENTRY.OVERFLOWING) {
		if (valueAt + 8 > page.byteLength) return undefined;
		return { key, page: Number(page.getBigUint64(valueAt, true)), length: number, value: undefined };
	}
	if ((flags !== 0 && flags !== ENTRY.DATABASE) || valueAt + number > page.byteLength) return undefined;
	return { key, page: undefined, length: number, value: bytesOf(page, valueAt, valueAt + number) };
}

function bytesOf(page: DataView, start: number, end: number): Uint8Array {
	return new Uint8Array(page.buffer, page.byteOffset + start, end - start);
}

/** Pages that follow each other. */
export interface PageRun {
	readonly first: number;
	readonly count: number;
}

/**
 * The pages in a list of free ones; undefined if the list is shorter than it says. It begins with the number of its
 * entries: page numbers, and before the first page of a longer run, the length of the run as a negative number.
 */
export function readFreePages(list: Uint8Array): readonly PageRun[] | undefined {
	const view = new DataView(list.buffer, list.byteOffset, list.length);
	const size = list.length < 8 ? -1 : Number(view.getBigInt64(0, true));
	if (size < 0 || (size + 1) * 8 > list.length) return undefined;
	const runs: PageRun[] = [];
	for (let index = 1, count = 1; index <= size; index++) {
		const number = Number(view.getBigInt64(index * 8, true));
		if (number > 0) runs.push({ first: number, count });
		count = number < 0 ? -number : 1;
	}
	return runs;
}
