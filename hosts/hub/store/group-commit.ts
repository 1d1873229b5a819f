import type { Millis } from "../../../src/ports/index.ts";
import type { CommitReply } from "./commit-thread.ts";
import type { StoreTrouble } from "./hub-store.ts";

/** Makes blocks durable, all or none. Never rejects. */
export type CommitBlocks = (blocks: readonly Uint8Array[]) => Promise<CommitReply>;

/** Milliseconds between attempts to write what could not be written. */
const RETRY: Millis = 1_000;
/**
 * How long a commit is put off that is not urgent. Each writes a handful of pages, however little has changed, and an SD
 * card bears only so many.
 */
const DEFERRAL: Millis = 10_000;

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
 * One commit at a time: batches that arrive while it is under way gather, and are committed together by the next, and so
 * do those that are not urgent. What cannot be committed stays first in line and is tried again.
 */
export class GroupCommit {
	readonly #commitBlocks: CommitBlocks;
	readonly #report: (trouble: StoreTrouble) => void;
	/** What the next commit takes; the last group takes more. */
	#groups: Group[] = [];
	/** Whether one of them is. */
	#isUrgent = false;
	#underWay: Promise<void> | undefined;
	#retry: NodeJS.Timeout | undefined;
	#deferral: NodeJS.Timeout | undefined;
	#trouble: StoreTrouble;

	/** `report` is called with each change between trouble and none. */
	constructor(commitBlocks: CommitBlocks, report: (trouble: StoreTrouble) => void) {
		this.#commitBlocks = commitBlocks;
		this.#report = report;
	}

	/**
	 * Resolves once the block is durable, after all earlier ones. Blocks that gather share one promise. One that is not
	 * urgent takes its time.
	 */
	add(block: Uint8Array, isUrgent = true): Promise<void> {
		const group = this.#groups.at(-1) ?? this.#open();
		group.blocks.push(block);
		this.#isUrgent ||= isUrgent;
		this.#goOn();
		return group.durable;
	}

	/** Commits what is left; a commit that fails is not tried again. */
	async finish(): Promise<void> {
		this.#cancelTimers();
		for (this.#start(); this.#underWay !== undefined; this.#start()) await this.#underWay;
		this.#cancelTimers();
	}

	#open(): Group {
		const group = new Group();
		this.#groups.push(group);
		return group;
	}

	/** Commits what has gathered: now if it is urgent, else later. */
	#goOn(): void {
		if (this.#isUrgent) this.#start();
		else if (this.#groups.length > 0) this.#deferral ??= setTimeout(() => this.#start(), DEFERRAL);
	}

	#start(): void {
		clearTimeout(this.#deferral);
		this.#deferral = undefined;
		const isBusy = this.#underWay !== undefined || this.#retry !== undefined;
		if (!isBusy && this.#groups.length > 0) this.#underWay = this.#commit();
	}

	async #commit(): Promise<void> {
		const groups = this.#groups;
		this.#groups = [];
		this.#isUrgent = false;
		const failure = await this.#commitBlocks(groups.flatMap((group) => group.blocks));
		this.#underWay = undefined;
		this.#note(failure?.reason);
		if (failure !== undefined) return this.#tryAgain(groups, failure.block);
		for (const group of groups) group.isDurable();
		this.#goOn();
	}

	#tryAgain(groups: readonly Group[], block: Uint8Array): void {
		for (const [index, group] of groups.entries()) group.blocks = index === 0 ? [block] : [];
		this.#groups = [...groups, ...this.#groups];
		this.#retry = setTimeout(() => {
			this.#retry = undefined;
			this.#start();
		}, RETRY);
	}

	#cancelTimers(): void {
		clearTimeout(this.#retry);
		this.#retry = undefined;
		clearTimeout(this.#deferral);
		this.#deferral = undefined;
	}

	#note(trouble: StoreTrouble): void {
		const isNew = (trouble === undefined) !== (this.#trouble === undefined);
		this.#trouble = trouble;
		if (isNew) this.#report(trouble);
	}
}
