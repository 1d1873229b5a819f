import type { Millis } from "../../../src/ports/index.ts";
import type { CommitReply } from "./commit-thread.ts";
import type { StoreTrouble } from "./hub-store.ts";

/** Makes blocks durable, all or none. Never rejects. */
export type CommitBlocks = (blocks: readonly Uint8Array[]) => Promise<CommitReply>;

/** Milliseconds between attempts to write what could not be written. */
const RETRY: Millis = 1_000;

/** Blocks that become durable together. */
class Group {
	readonly durable: Promise<void>;
	blocks: Uint8Array[] = [];
	#resolve: () => void = () => undefined;

	constructor() {
		this.durable = new Promise((resolve) => (this.#resolve = resolve));
	}

	isDurable(): void {
		this.#resolve();
	}
}

/**
 * One commit at a time: batches that arrive while it is under way gather, and are committed together by the next. What
 * cannot be committed stays first in line and is tried again.
 */
export class GroupCommit {
	readonly #commitBlocks: CommitBlocks;
	readonly #report: (trouble: StoreTrouble) => void;
	/** What the next commit takes; the last group takes more. */
	#groups: Group[] = [];
	#underWay: Promise<void> | undefined;
	#retry: NodeJS.Timeout | undefined;
	#trouble: StoreTrouble;

	/** `report` is called with each change between trouble and none. */
	constructor(commitBlocks: CommitBlocks, report: (trouble: StoreTrouble) => void) {
		this.#commitBlocks = commitBlocks;
		this.#report = report;
	}

	/** Resolves once the block is durable, after all earlier ones. Blocks that gather share one promise. */
	add(block: Uint8Array): Promise<void> {
		const group = this.#groups.at(-1) ?? this.#open();
		group.blocks.push(block);
		if (this.#retry === undefined) this.#start();
		return group.durable;
	}

	/** Commits what is left; a commit that fails is not tried again. */
	async finish(): Promise<void> {
		this.#cancelRetry();
		this.#start();
		while (this.#underWay !== undefined) await this.#underWay;
		this.#cancelRetry();
	}

	#open(): Group {
		const group = new Group();
		this.#groups.push(group);
		return group;
	}

	#start(): void {
		if (this.#underWay === undefined && this.#groups.length > 0) this.#underWay = this.#commit();
	}

	async #commit(): Promise<void> {
		const groups = this.#groups;
		this.#groups = [];
		const failure = await this.#commitBlocks(groups.flatMap((group) => group.blocks));
		this.#underWay = undefined;
		this.#note(failure?.reason);
		if (failure !== undefined) return this.#tryAgain(groups, failure.block);
		for (const group of groups) group.isDurable();
		this.#start();
	}

	#tryAgain(groups: readonly Group[], block: Uint8Array): void {
		for (const [index, group] of groups.entries()) group.blocks = index === 0 ? [block] : [];
		this.#groups = [...groups, ...this.#groups];
		this.#retry = setTimeout(() => {
			this.#retry = undefined;
			this.#start();
		}, RETRY);
	}

	#cancelRetry(): void {
		clearTimeout(this.#retry);
		this.#retry = undefined;
	}

	#note(trouble: StoreTrouble): void {
		const isNew = (trouble === undefined) !== (this.#trouble === undefined);
		this.#trouble = trouble;
		if (isNew) this.#report(trouble);
	}
}
