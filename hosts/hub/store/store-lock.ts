import { existsSync, statSync } from "node:fs";
import { join } from "node:path";
import { type Environment, openEnvironment } from "./environment.ts";
import { PageFile } from "./page-file.ts";
import { StoreError } from "./store-error.ts";

/** Folders that this process has locked: LMDB tells processes apart, not who is who in one. */
const LOCKED = new Set<string>();
const ANY_KEY = Uint8Array.of(0);

/**
 * Keeps a store to one hub. Node has no file locks, but LMDB has what is needed: whoever reads a database is entered in
 * a table with its process id, which holds as long as the kernel's lock on that entry does, so a process that is killed
 * is gone from it at once. The lock is a database of its own, without content, in which each hub is a reader.
 */
export class StoreLock {
	readonly #folder: string;
	readonly #environment: Environment;

	private constructor(folder: string, environment: Environment) {
		this.#folder = folder;
		this.#environment = environment;
	}

	/**
	 * Throws StoreError if another hub has the folder. Two that start at the same moment may both be refused, but never
	 * are both let in: each is entered before it looks who else is.
	 */
	static take(folder: string): StoreLock {
		const identity = identityOf(folder);
		if (LOCKED.has(identity)) throw inUse(folder, process.pid);
		const environment = openLock(join(folder, "lock.mdb"));
		// In another container a hub may have the same process id: who is here before we are entered is not us.
		const other = readersOf(environment)[0] ?? enter(environment);
		if (other !== undefined) {
			void environment.close();
			throw inUse(folder, other);
		}
		LOCKED.add(identity);
		return new StoreLock(identity, environment);
	}

	async release(): Promise<void> {
		await this.#environment.close();
		LOCKED.delete(this.#folder);
	}
}

/** The same for every path that leads to the folder. */
function identityOf(folder: string): string {
	const { dev, ino } = statSync(folder, { bigint: true });
	return `${dev}:${ino}`;
}

function openLock(path: string): Environment {
	if (existsSync(path) && statSync(path).size > 0) new PageFile(path).close(); // LMDB would crash on what is none of its files
	return openEnvironment(path);
}

/** Becomes a reader. Returns who else is one, if anybody came at the same time. */
function enter(environment: Environment): number | undefined {
	environment.get(ANY_KEY);
	return readersOf(environment).find((id) => id !== process.pid);
}

/** Process ids of those who read the database. LMDB prints them in lines of id, thread and transaction. */
function readersOf(environment: Environment): readonly number[] {
	environment.readerCheck();
	return [...environment.readerList().matchAll(/^\s*(\d+) /gm)].map(([, id]) => Number(id));
}

function inUse(folder: string, process: number): StoreError {
	return new StoreError(
		`the store in ${folder} is in use by another hub (process ${process}): stop that one, or choose another folder`,
	);
}
