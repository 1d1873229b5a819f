import { closeSync, existsSync, fsyncSync, mkdirSync, openSync, renameSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { openEnvironment } from "./environment.ts";
import { checkPages } from "./page-check.ts";
import { HEADER_KEY, openValue, sealValue } from "./rows.ts";
import { StoreError } from "./store-error.ts";

/** The version of the rows' layout: of keys here, and of values in the broker. */
const LAYOUT = 1;
const HEADER = /^motehub store (\d+)$/;

/** Makes the folder, open to its owner alone, if it is missing. */
export function makeFolder(folder: string): void {
	try {
		mkdirSync(folder, { recursive: true, mode: 0o700 });
	} catch (error) {
		throw StoreError.failed("making the folder", folder, error);
	}
}

/**
 * The path of a store's database, after a check from its first page to its last; a folder without one gets a new one.
 * Only for whom has the folder's lock. Throws StoreError.
 */
export async function prepareDatabase(folder: string): Promise<string> {
	const path = join(folder, "state.mdb");
	if (existsSync(path)) checkPages(path);
	else await createDatabase(path);
	await checkDatabase(path);
	return path;
}

/** A new database gets its name when it is complete: whatever is found under that name is whole, or was damaged later. */
async function createDatabase(path: string): Promise<void> {
	const draft = `${path.slice(0, -".mdb".length)}-new.mdb`;
	rmSync(draft, { force: true });
	const database = openEnvironment(draft);
	database.transactionSync(() => void database.put(HEADER_KEY, sealValue(HEADER_KEY, headerOf(LAYOUT))));
	await database.close();
	rmSync(`${draft}-lock`, { force: true });
	renameSync(draft, path);
	flushFolder(dirname(path));
	flushFolder(dirname(dirname(path)));
}

function headerOf(layout: number): Uint8Array {
	return Buffer.from(`motehub store ${layout}`);
}

async function checkDatabase(path: string): Promise<void> {
	const database = openEnvironment(path);
	const sealed = database.get(HEADER_KEY);
	await database.close();
	if (sealed === undefined) throw StoreError.foreign(path, "its header is missing");
	const header = openValue(HEADER_KEY, sealed);
	if (header === undefined) throw StoreError.damaged(path, "the check sum of its header is wrong");
	const layout = Number(HEADER.exec(Buffer.from(header).toString())?.[1]);
	if (Number.isNaN(layout)) throw StoreError.foreign(path, "its header is another");
	if (layout <= LAYOUT) return;
	const reason = `it has layout ${layout}, and this one knows ${LAYOUT}`;
	throw new StoreError(
		`the store ${path} is of a newer motehub (${reason}): update this one, or choose another folder`,
	);
}

/** Without this a power cut may take a new file's name away. Windows cannot do it, and need not. */
function flushFolder(folder: string): void {
	if (process.platform === "win32") return;
	const descriptor = openSync(folder, "r");
	try {
		fsyncSync(descriptor);
	} finally {
		closeSync(descriptor);
	}
}
