import { type IsBefore, isLess, KeyOrder } from "./key-order.ts";
import { PageFile } from "./page-file.ts";
import { type Entry, type Meta, PAGE, type PageFormat, type PageRun, type Tree, type WordSize } from "./page-format.ts";
import { StoreError } from "./store-error.ts";

/** Pages at the start of a file: the last two states of the database. */
const METAS = 2;
/** Flags that say how the entries of a tree lie (lmdb.h: "Database Flags"); above them the database keeps its own. */
const LAYOUT_FLAGS = 0xff;
/** Those of the two trees in a database that we made: integer keys, and none. */
const FREE_LAYOUT = 0x08;
const MAIN_LAYOUT = 0;
/** Higher than a tree of 2^53 pages could be. */
const MAX_DEPTH = 32;
/** Pages that LMDB may have lost track of at the end of the file, at most, beside as many as there are. */
const LOST_PAGES = 1_024;

/**
 * Goes through the pages of an LMDB file that nobody has open. LMDB maps the file into memory and trusts it: a page that
 * says nonsense, or a file cut short, would end the process by a signal, or have later writes overwrite what is in use.
 * Values have check sums of their own. Throws StoreError if the file is damaged, or of another program.
 */
export function checkPages(path: string, word?: WordSize): void {
	const file = new PageFile(path, word);
	try {
		new PageCheck(file).run();
	} finally {
		file.close();
	}
}

class PageCheck {
	readonly #file: PageFile;
	readonly #format: PageFormat;
	/** Which pages are in use: none may be in two places. */
	readonly #used: Uint8Array;
	readonly #free: PageRun[] = [];
	#highest = METAS - 1;

	constructor(file: PageFile) {
		this.#file = file;
		this.#format = file.format;
		this.#used = new Uint8Array(file.pageCount).fill(1, 0, METAS);
	}

	run(): void {
		const { free, main, lastPage } = this.#latestMeta();
		if ((free.flags & LAYOUT_FLAGS) !== FREE_LAYOUT || (main.flags & LAYOUT_FLAGS) !== MAIN_LAYOUT) {
			throw StoreError.foreign(this.#file.path, "its settings are others");
		}
		this.#checkTree(main, isLess, () => undefined);
		const isEarlier: IsBefore = (first, second) =>
			this.#format.transactionOf(first) < this.#format.transactionOf(second);
		this.#checkTree(free, isEarlier, (entry) => this.#noteFree(entry));
		for (const run of this.#free) this.#checkFree(run);
		if (lastPage < this.#highest || lastPage > 2 * this.#highest + LOST_PAGES) {
			this.#fail(`it has ${this.#highest + 1} pages and says ${lastPage + 1}`);
		}
	}

	#latestMeta(): Meta {
		const first = this.#meta(0);
		const second = this.#meta(1);
		return first.transaction >= second.transaction ? first : second;
	}

	#meta(number: number): Meta {
		const meta = this.#format.meta(this.#file.page(number));
		return typeof meta === "string" ? this.#fail(`page ${number} is ${meta}`) : meta;
	}

	#checkTree(tree: Tree, isBefore: IsBefore, visit: (entry: Entry) => void): void {
		if (tree.root === undefined) return;
		if (tree.depth < 1 || tree.depth > MAX_DEPTH) this.#fail(`a tree is ${tree.depth} pages high`);
		this.#checkNode(tree.root, tree.depth, new KeyOrder(isBefore), visit);
	}

	/** `height`: 1 for a leaf. */
	#checkNode(number: number, height: number, order: KeyOrder, visit: (entry: Entry) => void): void {
		this.#use({ first: number, count: 1 });
		const page = this.#file.page(number);
		const kind = height === 1 ? PAGE.LEAF : PAGE.BRANCH;
		this.#expect(this.#format.flags(page) === kind && this.#format.number(page) === number, number);
		const entries = this.#format.entries(page);
		if (entries === undefined || entries.length === 0) return this.#fail(`page ${number} has impossible contents`);
		for (const [index, entry] of entries.entries()) {
			const isInOrder = height === 1 ? order.pass(entry.key) : index === 0 || order.separate(entry.key);
			if (!isInOrder) this.#fail(`the keys of page ${number} are out of order`);
			if (height > 1) this.#checkNode(entry.page ?? 0, height - 1, order, visit);
			else if (entry.page !== undefined) this.#checkOverflow(entry.page, entry.length);
			if (height === 1) visit(entry);
		}
	}

	#checkOverflow(number: number, length: number): void {
		const count = this.#format.overflowPages(length, this.#file.pageSize);
		this.#use({ first: number, count });
		const page = this.#file.page(number);
		const isRight = this.#format.number(page) === number && this.#format.overflowCount(page) === count;
		this.#expect(isRight && this.#format.flags(page) === PAGE.OVERFLOW, number);
	}

	#expect(isRight: boolean, number: number): void {
		if (!isRight) this.#fail(`page ${number} is not what it was`);
	}

	#use({ first, count }: PageRun): void {
		if (first < METAS) this.#fail(`page ${first} is in two places`);
		if (first + count > this.#used.length) this.#fail(`page ${first} is missing: the file was cut short`);
		for (let number = first; number < first + count; number++) {
			if (this.#used[number] === 1) this.#fail(`page ${number} is in two places`);
			this.#used[number] = 1;
		}
		this.#highest = Math.max(this.#highest, first + count - 1);
	}

	#noteFree({ key, value, page, length }: Entry): void {
		if (this.#format.transactionOf(key) < 0) this.#fail("free pages are listed under no transaction");
		const runs = this.#format.freePages(value ?? this.#file.overflow(page ?? 0, length));
		if (runs === undefined) return this.#fail("a list of free pages is too short");
		for (const run of runs) this.#free.push(run);
	}

	/** A free page may be listed twice, and may lie beyond the end of the file: LMDB allows for both. */
	#checkFree({ first, count }: PageRun): void {
		const end = first + count;
		const isUsed = this.#used.subarray(first, end).includes(1);
		if (first < METAS || isUsed) this.#fail(`page ${first} is both free and in use`);
		this.#highest = Math.max(this.#highest, end - 1);
	}

	#fail(reason: string): never {
		throw StoreError.damaged(this.#file.path, reason);
	}
}
