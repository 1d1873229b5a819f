import { execFileSync, spawnSync } from "node:child_process";
import {
	chmodSync,
	mkdtempSync,
	readdirSync,
	readFileSync,
	rmSync,
	statSync,
	symlinkSync,
	writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PassThrough } from "node:stream";
import { afterAll, beforeEach, describe, expect, test } from "@jest/globals";
import { runPasswd } from "../../hosts/hub/auth/index.ts";
import { parsePasswordFile } from "../../hosts/hub/auth/password-file.ts";
import { verifyPassword } from "../../hosts/hub/auth/verify-password.ts";
import { MOSQUITTO_PASSWORDS } from "../vectors/passwords.ts";

const folder = mkdtempSync(join(tmpdir(), "motehub-passwd-"));
afterAll(() => rmSync(folder, { recursive: true }));

const file = join(folder, "passwd");
beforeEach(() => rmSync(file, { force: true }));

const OTHERS = `# the family\nanna:${MOSQUITTO_PASSWORDS[0]?.hash}\n\n# things\n`;

/** Runs the command with this on its input: a pipe, or a terminal where a person types it. */
async function passwd(
	request: { user: string; remove?: boolean; scram?: boolean; file?: string },
	input: string,
	isTTY = false,
) {
	let said = "";
	const rawModes: boolean[] = [];
	const stream = Object.assign(new PassThrough(), {
		isTTY,
		setRawMode: (mode: boolean) => rawModes.push(mode),
	});
	stream.write(input);
	if (!isTTY) stream.end();
	const terminal = {
		input: stream as unknown as NodeJS.ReadStream,
		output: { write: (text: string) => (said += text) },
	};
	const exitCode = await runPasswd({ file, remove: false, scram: false, ...request }, terminal);
	return { exitCode, said, rawModes };
}

async function knows(name: string, password: string): Promise<boolean> {
	const hash = parsePasswordFile(readFileSync(file, "utf8")).users.get(name);
	return hash !== undefined && verifyPassword(hash, Buffer.from(password));
}

describe("motehub passwd", () => {
	test("--scram keeps keys for SCRAM-SHA-256, which the password can be checked against", async () => {
		expect(await passwd({ user: "bert", scram: true }, "hunter2\n")).toMatchObject({ exitCode: 0 });
		expect(readFileSync(file, "utf8")).toMatch(/^bert:SCRAM-SHA-256\$4096:\S{24}\$\S{44}:\S{44}\n$/);
		expect([await knows("bert", "hunter2"), await knows("bert", "hunter3")]).toEqual([true, false]);
	});

	test("makes a file that is its owner's alone, with Mosquitto's kind of hash", async () => {
		expect(await passwd({ user: "bert" }, "hunter2\n")).toMatchObject({ exitCode: 0 });
		expect(readFileSync(file, "utf8")).toMatch(/^bert:\$7\$100000\$[A-Za-z0-9+/]{16}\$[A-Za-z0-9+/]{86}==\n$/);
		expect(statSync(file).mode & 0o777).toBe(0o600);
		expect(await knows("bert", "hunter2")).toBe(true);
		expect(readdirSync(folder)).toEqual(["passwd"]);
	});

	test("adds a user and keeps all that was there", async () => {
		writeFileSync(file, OTHERS);
		await passwd({ user: "bert" }, "hunter2");
		expect(readFileSync(file, "utf8").startsWith(OTHERS)).toBe(true);
		expect(await knows("bert", "hunter2")).toBe(true);
		expect(await knows("anna", "secret")).toBe(true);
	});

	test("replaces a password in its place", async () => {
		writeFileSync(file, `bert:x\r\n${OTHERS}bert:y\n`);
		await passwd({ user: "bert" }, "hunter2");
		const lines = readFileSync(file, "utf8").split("\n");
		expect(lines[0]).toMatch(/^bert:\$7\$.*\r$/);
		expect(lines.slice(1).join("\n")).toBe(OTHERS);
	});

	test("removes a user, and nothing else", async () => {
		writeFileSync(file, `${OTHERS}bert:x\nberta:y\n`);
		expect(await passwd({ user: "bert", remove: true }, "")).toMatchObject({ exitCode: 0 });
		expect(readFileSync(file, "utf8")).toBe(`${OTHERS}berta:y\n`);
		const again = await passwd({ user: "bert", remove: true }, "");
		expect(again).toMatchObject({ exitCode: 1, said: `error: ${file} has no user bert\n` });
		expect(readFileSync(file, "utf8")).toBe(`${OTHERS}berta:y\n`);
	});

	test("asks twice on a terminal, without echo", async () => {
		const { exitCode, said, rawModes } = await passwd({ user: "bert" }, "hux\u007fnter2\rhunter2\r", true);
		expect(exitCode).toBe(0);
		expect(said).toContain("Password for bert: ");
		expect(said).not.toContain("nter2");
		expect(rawModes.at(0)).toBe(true);
		expect(rawModes.at(-1)).toBe(false);
		expect(await knows("bert", "hunter2")).toBe(true);
	});

	test.each([
		["two different passwords", "one\rtwo\r", true, "differ"],
		["no password", "\r", true, "empty"],
		["Ctrl-C", "hun\u0003", true, "interrupted"],
		["an empty pipe", "", false, "empty"],
		["an empty line", "\nx", false, "empty"],
	])("%s: nothing is changed", async (_what, input, isTTY, reason) => {
		writeFileSync(file, OTHERS);
		const { exitCode, said } = await passwd({ user: "bert" }, input, isTTY);
		expect(exitCode).toBe(1);
		expect(said).toContain(reason);
		expect(readFileSync(file, "utf8")).toBe(OTHERS);
	});

	test.each(["", "a:b", " a", "a\nb", "#a", "x".repeat(65_536)])("nobody can be called %j", async (user) => {
		expect(await passwd({ user }, "x")).toMatchObject({ exitCode: 2 });
		expect(() => readFileSync(file)).toThrow("ENOENT");
	});

	test("keeps the mode of the file, and a link to it", async () => {
		const link = join(folder, "link");
		writeFileSync(file, OTHERS);
		chmodSync(file, 0o640);
		symlinkSync(file, link);
		await passwd({ user: "bert", file: link }, "hunter2");
		rmSync(link);
		expect(statSync(file).mode & 0o777).toBe(0o640);
		expect(await knows("bert", "hunter2")).toBe(true);
	});

	test("says where the rest of the file is broken", async () => {
		writeFileSync(file, "anna\n");
		expect((await passwd({ user: "bert" }, "x")).said).toContain(`warning: ${file}:1: is not NAME:HASH`);
	});

	test("says why a file cannot be changed", async () => {
		expect(await passwd({ user: "bert", file: join(folder, "none", "passwd") }, "x")).toMatchObject({ exitCode: 1 });
		writeFileSync(file, Uint8Array.of(0xff, 0xfe));
		expect((await passwd({ user: "bert" }, "x")).said).toContain("it is not UTF-8 text");
		expect(readFileSync(file)).toEqual(Buffer.of(0xff, 0xfe));
	});

	const withMosquitto = spawnSync("mosquitto_passwd", ["--help"]).error === undefined ? test : test.skip;
	withMosquitto("mosquitto_passwd goes on with our file", async () => {
		await passwd({ user: "bert" }, "hunter2");
		execFileSync("mosquitto_passwd", ["-b", file, "anna", "x"], { stdio: "ignore" });
		expect(await knows("bert", "hunter2")).toBe(true);
		expect(await knows("anna", "x")).toBe(true);
	});
});
