import { mkdirSync, mkdtempSync, renameSync, rmSync, symlinkSync, unlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { accessControl } from "../../hosts/hub/auth/access-control.ts";
import { aclFile, passwordFile } from "../../hosts/hub/auth/auth-files.ts";
import { NODE_CLOCK } from "../../hosts/hub/auth/node-clock.ts";
import type { ReloadableFile } from "../../hosts/hub/auth/reloadable-file.ts";
import { MOSQUITTO_PASSWORDS } from "../vectors/passwords.ts";

const HASH = MOSQUITTO_PASSWORDS[0]?.hash ?? "";
const folder = mkdtempSync(join(tmpdir(), "motehub-files-"));
afterAll(() => rmSync(folder, { recursive: true }));

const path = join(folder, "passwd");
let log: string[];
let changes: number;
let waiting: (() => void) | undefined;
let open: ReloadableFile<unknown>[];

beforeEach(() => {
	rmSync(path, { force: true });
	log = [];
	changes = 0;
	waiting = undefined;
	open = [];
});
afterEach(() => {
	for (const file of open) file.close();
});

const context = {
	path,
	clock: NODE_CLOCK,
	log: {
		write: (level: string, message: string) => {
			log.push(`${level}: ${message}`);
			waiting?.();
		},
	},
	whenUnread: "nobody gets in by it",
	changed: () => changes++,
};

function users() {
	const file = passwordFile(context);
	open.push(file);
	return file;
}

/** Until the log says this. */
function said(text: string): Promise<void> {
	return new Promise((resolve) => {
		waiting = () => {
			if (log.some((line) => line.includes(text))) resolve();
		};
		waiting();
	});
}

const names = (file: ReloadableFile<ReadonlyMap<string, unknown>>) => [...file.value.keys()];

describe("a password file in force", () => {
	test("denies everybody until it has been read without fault", () => {
		const file = users();
		expect(names(file)).toEqual([]);
		expect(file.load()).toEqual([`cannot read the password file ${path}: there is no such file`]);
		writeFileSync(path, "anna:plain\n");
		expect(file.load()).toEqual([
			`${path}:1: the password of user "anna" is not a password hash (is it a password in clear?)`,
		]);
		expect(names(file)).toEqual([]);
		expect(log.at(-1)).toContain("nobody gets in by it");
		expect(changes).toBe(0);
	});

	test("stays in force when its new contents are broken, unreadable or gone", () => {
		const file = users();
		writeFileSync(path, `anna:${HASH}\n`);
		expect(file.load()).toEqual([]);
		for (const damage of [`anna:${HASH}\nbert\n`, Uint8Array.of(0xff, 0xfe), "anna:\0\0\0\0"]) {
			writeFileSync(path, damage);
			expect(file.load()).toHaveLength(1);
			expect(names(file)).toEqual(["anna"]);
		}
		unlinkSync(path);
		expect(file.load()).toHaveLength(1);
		mkdirSync(path);
		expect(file.load()).toEqual([`cannot read the password file ${path}: it is a folder`]);
		rmSync(path, { recursive: true });
		expect(names(file)).toEqual(["anna"]);
		expect(log.at(-1)).toContain("what was read before stays in force");
		expect(changes).toBe(1);
	});

	test("lets nobody in when it is empty, and says so", () => {
		const file = users();
		writeFileSync(path, `anna:${HASH}\n`);
		file.load();
		writeFileSync(path, "");
		expect(file.load()).toEqual([]);
		expect(names(file)).toEqual([]);
		expect(log.join("\n")).toContain(`warn: ${path}:1: has no user who could get in`);
	});

	test("is not taken for changed when it is not", () => {
		const file = users();
		writeFileSync(path, `anna:${HASH}\n`);
		file.load();
		file.load();
		expect(changes).toBe(1);
	});
});

describe("a file that changes is read again", () => {
	test.each<[string, (text: string) => void]>([
		["written in place", (text) => writeFileSync(path, text)],
		[
			"replaced by another",
			(text) => {
				writeFileSync(`${path}.new`, text);
				renameSync(`${path}.new`, path);
			},
		],
		[
			"removed and made again",
			(text) => {
				unlinkSync(path);
				writeFileSync(path, text);
			},
		],
		[
			"behind a link",
			(text) => {
				writeFileSync(join(folder, "elsewhere"), text);
				unlinkSync(path);
				symlinkSync(join(folder, "elsewhere"), path);
			},
		],
	])("%s", async (_how, write) => {
		writeFileSync(path, `anna:${HASH}\n`);
		const file = users();
		file.load();
		file.watch();
		write(`bert:${HASH}\n`);
		await said("read again");
		expect(names(file)).toEqual(["bert"]);
	});

	test.each([
		["good", `anna:${HASH}\n`],
		["broken", "anna\n"],
	])("also if it changed before it was watched, while a store was loaded, and was %s before", (_how, before) => {
		writeFileSync(path, before);
		const file = users();
		file.load();
		writeFileSync(path, `bert:${HASH}\n`);
		file.watch();
		expect(names(file)).toEqual(["bert"]);
	});

	test("and says only once what is wrong with it", () => {
		writeFileSync(path, "anna\n");
		const file = users();
		file.load();
		file.watch();
		expect(log).toHaveLength(1);
	});

	test("broken, and then repaired", async () => {
		writeFileSync(path, `anna:${HASH}\n`);
		const file = users();
		file.load();
		file.watch();
		writeFileSync(path, "bert\n");
		await said(`error: ${path}:1: is not NAME:HASH; what was read before stays in force`);
		expect(names(file)).toEqual(["anna"]);
		writeFileSync(path, `bert:${HASH}\n`);
		await said("read again");
		expect(names(file)).toEqual(["bert"]);
	});
});

describe("an ACL file in force", () => {
	const client = { clientId: "c", username: "anna" as string | undefined, info: undefined };

	test("denies everything until it has been read without fault, and when it is empty", () => {
		const file = aclFile(context);
		const access = accessControl(() => file.value);
		const may = () => [
			access.authorizePublish(client, "a", 0, false),
			access.authorizeDelivery(client, "a"),
			access.authorizeSubscribe(client, "a", 0),
		];
		expect(may()).toEqual([false, false, false]);
		writeFileSync(path, "topic nonsense here\n");
		expect(file.load()[0]).toMatch(/:1: "nonsense" is not read, write/);
		expect(may()).toEqual([false, false, false]);
		writeFileSync(path, "user anna\ntopic read a\n");
		expect(file.load()).toEqual([]);
		expect(may()).toEqual([false, true, true]);
		writeFileSync(path, "user anna\ntopic reed a\n");
		expect(file.load()).toHaveLength(1);
		expect(may()).toEqual([false, true, true]);
		writeFileSync(path, "# all gone\n");
		file.load();
		expect(may()).toEqual([false, false, true]);
	});

	test("a session that becomes another user's has that user's rights", () => {
		const file = aclFile(context);
		writeFileSync(path, "user anna\ntopic read a\nuser bert\ntopic read b\n");
		file.load();
		const access = accessControl(() => file.value);
		const session = { ...client };
		expect([access.authorizeDelivery(session, "a"), access.authorizeDelivery(session, "b")]).toEqual([true, false]);
		session.username = "bert";
		expect([access.authorizeDelivery(session, "a"), access.authorizeDelivery(session, "b")]).toEqual([false, true]);
		session.username = undefined;
		expect([access.authorizeDelivery(session, "a"), access.authorizeDelivery(session, "b")]).toEqual([false, false]);
	});
});
