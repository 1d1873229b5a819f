import type { Millis } from "../../../src/ports/index.ts";
import type { CommitReply } from "./commit-thread.ts";
import type { StoreTrouble } from "./hub-store.ts";

/** Makes blocks durable, all or none. Never rejects. */
export type CommitBlocks = (blocks: readonly Uint8Array[]) => Promise<CommitReply>;

/** Milliseconds between attempts to write what could not be written. */
const RETRY: Millis = 1_000;

/**
 * One commit at a time: batches that arrive while it is under way gather, and are committed together by the next. What
 * cannot be committed stays first in line and is tried again.
 */
export class GroupCommit {
	readonly #commitBlocks: CommitBlocks;
	readonly #report: (trouble: StoreTrouble) => void;
	#blocks: Uint8Array[] = [];
	/** Whom to tell when the blocks are durable. */
	#waiting: (() => void)[] = [];
	#underWay: Promise<void> | undefined;
	#retry: NodeJS.Timeout | undefined;
	#trouble: StoreTrouble;

	/** `report` is called with each change between trouble and none. */
	constructor(commitBlocks: CommitBlocks, report: (trouble: StoreTrouble) => void) {
		this.#commitBlocks = commitBlocks;
		this.#report = report;
	}

	/** Resolves once the block is durable, after all earlier ones. */
	add(block: Uint8Array): Promise<void> {
		return new Promise((resolve) => {
			this.#blocks.push(block);
			this.#waiting.push(resolve);
			if (this.#retry === undefined) this.#start();
		});
	}

	/** Commits what is left; a commit that fails is not tried again. */
	async finish(): Promise<void> {
		clearTimeout(this.#retry);
		this.#retry = undefined;
		this.#start();
		while (this.#underWay !== undefined) await this.#underWay;
		clearTimeout(this.#retry);
	}

	#start(): void {
		if (this.#underWay !== undefined || this.#blocks.length === 0) return;
		this.#underWay = this.#commit();
	}

	async #commit(): Promise<void> {
		const blocks = this.#blocks;
		const waiting = this.#waiting;
		this.#blocks = [];
		this.#waiting = [];
		const failure = await this.#commitBlocks(blocks);
		this.#underWay = undefined;
		this.#note(failure?.reason);
		if (failure === undefined) {
			for (const tell of waiting) tell();
			return this.#start();
		}
		this.#blocks = [failure.block, ...this.#blocks];
		this.#waiting = [...waiting, ...this.#waiting];
		this.#retry = setTimeout(() => {
			this.#retry = undefined;
			this.#start();
		}, RETRY);
	}

	#note(trouble: StoreTrouble): void {
		const isNew = (trouble === undefined) !== (this.#trouble === undefined);
		this.#trouble = trouble;
		if (isNew) this.#report(trouble);
	}
}
