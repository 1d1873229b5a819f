import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "@jest/globals";
import { parsePasswordFile } from "../../hosts/hub/auth/password-file.ts";
import { verifyPassword } from "../../hosts/hub/auth/verify-password.ts";
import { ARGON2_PASSWORD, MOSQUITTO_PASSWORDS, PASSLIB_PASSWORD } from "../vectors/passwords.ts";

const folder = mkdtempSync(join(tmpdir(), "motehub-passwords-"));
afterAll(() => rmSync(folder, { recursive: true }));

const [pbkdf2 = PASSLIB_PASSWORD, sha512 = PASSLIB_PASSWORD] = MOSQUITTO_PASSWORDS;

/** Whether the name and the password are in the file. */
async function knows(file: string, name: string, password: string): Promise<boolean> {
	const { users, faults } = parsePasswordFile(file);
	expect(faults).toEqual([]);
	const hash = users.get(name);
	return hash !== undefined && (await verifyPassword(hash, Buffer.from(password)));
}

describe("a password file", () => {
	test("of Mosquitto, of HBMQTT, with comments, blank lines and CR LF", async () => {
		const file = `# users\r\n\r\nanna:${pbkdf2.hash}\r\njürgen:${sha512.hash}\n\nhass:${PASSLIB_PASSWORD.hash}`;
		expect(await knows(file, "anna", pbkdf2.password)).toBe(true);
		expect(await knows(file, "jürgen", sha512.password)).toBe(true);
		expect(await knows(file, "hass", PASSLIB_PASSWORD.password)).toBe(true);
		expect(await knows(file, "anna", sha512.password)).toBe(false);
		expect(await knows(file, "# users", "")).toBe(false);
	});

	test.each([
		["anna", "is not NAME:HASH"],
		["anna:", "is not NAME:HASH"],
		[`:${pbkdf2.hash}`, "has no user name before the colon"],
		["anna:secret", 'the password of user "anna" is not a password hash (is it a password in clear?)'],
		["anna:$7$101$x", 'the password of user "anna" is a damaged $7$ hash'],
		[`bea:${pbkdf2.hash}`, 'user "bea" is on line 1 already'],
		["\u0000\u0001\u0002", "is not NAME:HASH"],
	])("%j makes it unusable", (line, message) => {
		const { faults } = parsePasswordFile(`bea:${pbkdf2.hash}\n${line}\n`);
		expect(faults).toEqual([{ line: 2, message }]);
	});

	test("an argon2id line that this Node cannot check shuts out its user alone", () => {
		const { users, faults, unsupported } = parsePasswordFile(`a:${ARGON2_PASSWORD.hash}\nb:${pbkdf2.hash}\n`);
		expect(faults).toEqual([]);
		expect([...users.keys()].length + unsupported.length).toBe(2);
		expect(users.has("b")).toBe(true);
	});

	test("an empty file has no users", () => {
		expect(parsePasswordFile("")).toEqual({ users: new Map(), faults: [], unsupported: [] });
	});
});

function isInstalled(program: string, ...args: readonly string[]): boolean {
	return spawnSync(program, args).error === undefined;
}

const withMosquitto = isInstalled("mosquitto_passwd", "--help") ? test : test.skip;
const withOpenssl = isInstalled("openssl", "version") ? test : test.skip;

describe("files that other programs write", () => {
	withMosquitto.each([[["-b"]], [["-H", "sha512", "-b"]]])("mosquitto_passwd %j", async (options) => {
		const file = join(folder, `mosquitto${options.length}`);
		writeFileSync(file, "", { mode: 0o600 });
		execFileSync("mosquitto_passwd", [...options, file, "anna", "geheim €"], { stdio: "ignore" });
		execFileSync("mosquitto_passwd", [...options, file, "bert", "hunter2"], { stdio: "ignore" });
		const text = readFileSync(file, "utf8");
		expect(await knows(text, "anna", "geheim €")).toBe(true);
		expect(await knows(text, "anna", "hunter2")).toBe(false);
		expect(await knows(text, "bert", "hunter2")).toBe(true);
	});

	withOpenssl.each([["-6"], ["-5"]])("openssl passwd %s", async (kind) => {
		const hash = execFileSync("openssl", ["passwd", kind, "geheim €"], { encoding: "utf8" });
		const rounds = execFileSync("openssl", ["passwd", kind, "-salt", "rounds=1234$abc", "x"], { encoding: "utf8" });
		const text = `# made by openssl\nanna:${hash}bert:${rounds}`;
		expect(await knows(text, "anna", "geheim €")).toBe(true);
		expect(await knows(text, "anna", "geheim")).toBe(false);
		expect(await knows(text, "bert", "x")).toBe(true);
	});
});
