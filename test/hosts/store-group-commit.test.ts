import { mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, expect, jest, test } from "@jest/globals";
import { MergedChanges, packWrites } from "../../hosts/hub/store/change-block.ts";
import type { CommitReply } from "../../hosts/hub/store/commit-thread.ts";
import { Committer } from "../../hosts/hub/store/committer.ts";
import { DatabaseWriter } from "../../hosts/hub/store/database-writer.ts";
import { openEnvironment } from "../../hosts/hub/store/environment.ts";
import { GroupCommit } from "../../hosts/hub/store/group-commit.ts";
import type { StoreTrouble } from "../../hosts/hub/store/index.ts";
import { RetryPolicy } from "../../hosts/hub/store/retry-policy.ts";
import { decodeRow, openValue } from "../../hosts/hub/store/rows.ts";
import type { StoreWrite } from "../../src/broker/index.ts";
import { TemporaryFolders } from "./support/temporary-folder.ts";

const folders = new TemporaryFolders();

/** Commits end when the test says so. */
class Disk {
	/** The first byte of each block of the commits, in their order. */
	readonly commits: number[][] = [];
	readonly troubles: StoreTrouble[] = [];
	readonly group = new GroupCommit(
		(blocks) => this.#commit(blocks),
		(trouble) => this.troubles.push(trouble),
	);
	#end: (reply: CommitReply) => void = () => undefined;

	add(byte: number, isUrgent = true): Promise<void> {
		return this.group.add(Uint8Array.of(byte), isUrgent);
	}

	/** Ends the commit that is under way; what it leads to has happened when this resolves. */
	async end(reply?: CommitReply): Promise<void> {
		this.#end(reply);
		for (let turn = 0; turn < 5; turn++) await Promise.resolve();
	}

	#commit(blocks: readonly Uint8Array[]): Promise<CommitReply> {
		this.commits.push(blocks.map(([byte = -1]) => byte));
		return new Promise((resolve) => (this.#end = resolve));
	}
}

const FULL: CommitReply = { reason: "full", block: Uint8Array.of(99) };

beforeEach(() => {
	jest.useFakeTimers();
});
afterEach(() => {
	jest.useRealTimers();
	folders.remove();
});

/** Notes which of the promises have resolved. */
function watch(...promises: readonly Promise<void>[]): boolean[] {
	const done = promises.map(() => false);
	for (const [index, promise] of promises.entries()) void promise.then(() => (done[index] = true));
	return done;
}

test("batches that come while a commit is under way are committed together by the next", async () => {
	const disk = new Disk();
	const done = watch(disk.add(1), disk.add(2), disk.add(3));
	expect(disk.commits).toEqual([[1]]);
	await disk.end();
	expect(done).toEqual([true, false, false]);
	expect(disk.commits).toEqual([[1], [2, 3]]);
	await disk.end();
	expect(done).toEqual([true, true, true]);
});

test("what cannot be committed is reported once, comes first again, and what follows waits with it", async () => {
	const disk = new Disk();
	const done = watch(disk.add(1), disk.add(2));
	await disk.end(FULL);
	expect(disk.troubles).toEqual(["full"]);
	void disk.add(3);
	expect(disk.commits).toEqual([[1]]);
	jest.advanceTimersByTime(1_000);
	expect(disk.commits).toEqual([[1], [99, 2, 3]]);
	await disk.end(FULL);
	jest.advanceTimersByTime(1_000);
	expect(disk.troubles).toEqual(["full"]);
	expect(done).toEqual([false, false]);
	await disk.end();
	expect(disk.troubles).toEqual(["full", undefined]);
	expect(done).toEqual([true, true]);
	expect(disk.commits).toEqual([[1], [99, 2, 3], [99]]);
});

test("however many batches come while nothing can be committed, one promise stands for them", async () => {
	const disk = new Disk();
	void disk.add(1);
	await disk.end(FULL);
	const promises = new Set(Array.from({ length: 1_000 }, () => disk.add(2)));
	expect(promises.size).toBe(1);
});

test("what is not urgent is put off for ten seconds, or until something is", async () => {
	const disk = new Disk();
	const done = watch(disk.add(1, false), disk.add(2, false));
	jest.advanceTimersByTime(9_999);
	expect(disk.commits).toEqual([]);
	jest.advanceTimersByTime(1);
	expect(disk.commits).toEqual([[1, 2]]);
	done.push(...watch(disk.add(3, false))); // while the commit is under way
	await disk.end();
	expect(done).toEqual([true, true, false]);
	expect(disk.commits).toHaveLength(1);
	void disk.add(4);
	expect(disk.commits).toEqual([
		[1, 2],
		[3, 4],
	]);
	await disk.end();
	expect(jest.getTimerCount()).toBe(0);
});

test("what is not urgent waits for a full disk like the rest", async () => {
	const disk = new Disk();
	void disk.add(1, false);
	jest.advanceTimersByTime(10_000);
	await disk.end(FULL);
	void disk.add(2, false);
	jest.advanceTimersByTime(1_000);
	expect(disk.commits).toEqual([[1], [99, 2]]);
	await disk.end();
	jest.advanceTimersByTime(20_000);
	expect(disk.commits).toHaveLength(2);
});

test("finishing commits what was put off", async () => {
	const disk = new Disk();
	const done = watch(disk.add(1), disk.add(2, false));
	const finished = watch(disk.group.finish());
	await disk.end();
	await disk.end();
	expect([...done, ...finished]).toEqual([true, true, true]);
	expect(disk.commits).toEqual([[1], [2]]);
	expect(jest.getTimerCount()).toBe(0);
});

test("finishing waits for what is under way and commits what is left", async () => {
	const disk = new Disk();
	const done = watch(disk.add(1), disk.add(2));
	const finished = watch(disk.group.finish());
	await disk.end();
	expect(finished).toEqual([false]);
	await disk.end();
	expect([...done, ...finished]).toEqual([true, true, true]);
});

test("finishing tries once more what could not be committed, and gives up", async () => {
	const disk = new Disk();
	const done = watch(disk.add(1));
	await disk.end(FULL);
	const finished = watch(disk.group.finish());
	expect(disk.commits).toEqual([[1], [99]]);
	await disk.end(FULL);
	expect([...done, ...finished]).toEqual([false, true]);
	expect(jest.getTimerCount()).toBe(0);
});

test("a disk that stays full is tried less and less often, and at once when it has more room", () => {
	const retries = new RetryPolicy();
	const attempts = Array.from({ length: 100 }, (_, second) => {
		if (!retries.isDue(5)) return [];
		retries.failed(5);
		return [second];
	}).flat();
	expect(attempts).toEqual([0, 1, 3, 7, 15, 31, 63, 95]);
	expect(retries.isDue(5)).toBe(false);
	expect(retries.isDue(6)).toBe(true);
});

test("what a database that cannot be opened does not take is taken once it can", async () => {
	const folder = folders.make();
	const path = join(folder, "missing", "state.mdb");
	mkdirSync(path, { recursive: true });
	const writer = new DatabaseWriter(path);
	const failure = writer.commit(new MergedChanges([packWrites([PUT])]));
	if (failure === undefined) throw new Error("a folder was taken for a database");
	expect(failure.reason).toMatch(/^Is a directory: .*; [\d,]+ bytes are free$/);
	rmSync(path, { recursive: true });
	expect(writer.commit(new MergedChanges([failure.block]))).toBeUndefined();
	await writer.close();
	const database = openEnvironment(path);
	expect([...database.getRange({})].map(({ key, value }) => decodeRow(key, value))).toEqual([
		{ table: "queue", key: [7, 8], value: Buffer.of(1, 2) },
	]);
	await database.close();
});

test("a thread that dies is replaced by another one", async () => {
	jest.useRealTimers();
	const path = join(folders.make(), "state.mdb");
	const committer = new Committer(path);
	const poison = Uint8Array.of(1, 2);
	expect(await committer.commit([poison])).toEqual({
		reason: expect.stringContaining("bounds"),
		block: Buffer.of(1, 2),
	});
	expect(await committer.commit([packWrites([PUT])])).toBeUndefined();
	await committer.close();
	await committer.close();
});

/** What a database would hold. */
function applied(...batches: readonly (readonly StoreWrite[])[]): unknown[] {
	return [...new MergedChanges(batches.map(packWrites))].map(({ key, value }) =>
		value === undefined ? Buffer.from(key).toString("hex") : decodeRow(key, value),
	);
}

const PUT = { kind: "put", table: "queue", key: [7, 8], value: Uint8Array.of(1, 2) } as const;

test("of the changes of one row, the last one counts", () => {
	const row = { table: "queue", key: [7, 8] } as const;
	expect(applied([PUT])).toEqual([{ ...row, value: Buffer.of(1, 2) }]);
	expect(applied([PUT], [{ ...PUT, value: new Uint8Array(0) }])).toEqual([{ ...row, value: Buffer.alloc(0) }]);
	expect(applied([PUT, { kind: "delete", ...row }])).toEqual(["06401c0000000000004020000000000000"]);
	expect(applied([{ kind: "delete", ...row }], [PUT])).toHaveLength(1);
	expect(
		applied(
			[PUT],
			[
				{ ...PUT, key: [7] },
				{ ...PUT, table: "received" },
			],
		),
	).toHaveLength(3);
});

test("changes that were packed again are the same changes", () => {
	const changes = new MergedChanges([
		packWrites([PUT, { ...PUT, key: [9] }, { kind: "delete", table: "will", key: [1] }]),
	]);
	expect([...new MergedChanges([changes.pack(() => true)])]).toEqual([...changes]);
	expect([...new MergedChanges([changes.pack(({ value }) => value !== undefined)])]).toHaveLength(2);
});

test("a check sum covers the key as well as the value", () => {
	const [first, second] = [...new MergedChanges([packWrites([PUT, { ...PUT, key: [7, 9] }])])];
	if (first?.value === undefined || second?.value === undefined) throw new Error("both are puts");
	expect(openValue(first.key, first.value)).toEqual(Buffer.of(1, 2));
	expect(openValue(second.key, first.value)).toBeUndefined();
	expect(openValue(first.key, first.value.subarray(1))).toBeUndefined();
	expect(openValue(first.key, Uint8Array.of(1))).toBeUndefined();
});
