import { describe, expect, test } from "@jest/globals";
import { hasArgon2 } from "../../hosts/hub/auth/argon2.ts";
import { type PasswordHash, parsePasswordHash, plainHash } from "../../hosts/hub/auth/password-hash.ts";
import { verifyPassword } from "../../hosts/hub/auth/verify-password.ts";
import { ARGON2_PASSWORD, CRYPT_PASSWORDS, MOSQUITTO_PASSWORDS, PASSLIB_PASSWORD } from "../vectors/passwords.ts";

function parsed(text: string): PasswordHash {
	const hash = parsePasswordHash(text);
	if ("fault" in hash) throw new Error(hash.fault);
	return hash;
}

function verify(hash: string, password: string | Uint8Array): Promise<boolean> {
	return verifyPassword(parsed(hash), Buffer.from(password));
}

describe("the password is the one that was hashed", () => {
	test.each([...CRYPT_PASSWORDS, PASSLIB_PASSWORD, ...MOSQUITTO_PASSWORDS])("$hash", async ({ hash, password }) => {
		expect(await verify(hash, password)).toBe(true);
		expect(await verify(hash, `${password}x`)).toBe(false);
	});

	test("Mosquitto's $6$ and crypt's are told apart", () => {
		expect(MOSQUITTO_PASSWORDS.map(({ hash }) => parsed(hash).scheme)).toEqual(["pbkdf2", "sha512"]);
		expect(new Set(CRYPT_PASSWORDS.map(({ hash }) => parsed(hash).scheme))).toEqual(new Set(["crypt"]));
	});

	test("argon2id, where this Node has it", async () => {
		const { hash, password } = ARGON2_PASSWORD;
		if (!hasArgon2()) {
			const fault = { fault: "is an argon2id hash, which needs Node 24.7 or later", unsupported: true };
			return expect(parsePasswordHash(hash)).toEqual(fault);
		}
		expect(await verify(hash, password)).toBe(true);
		expect(await verify(hash, "passwore")).toBe(false);
	});

	test("while a slow hash is computed, the main thread goes on", async () => {
		let turns = 0;
		const timer = setInterval(() => turns++, 5);
		await verify(PASSLIB_PASSWORD.hash, "wrong");
		clearInterval(timer);
		expect(turns).toBeGreaterThan(10);
	});

	test("in clear, as in our own configuration", async () => {
		expect(await verifyPassword(plainHash("geheim€"), Buffer.from("geheim€"))).toBe(true);
		expect(await verifyPassword(plainHash("geheim€"), Buffer.from("geheim"))).toBe(false);
	});

	test("bytes that are no text are wrong, also where the empty password would be right", async () => {
		const ofNothing = "$6$abc$mJP3a6FyA8uCnzRtlnNypPwjnvpi5TP9qOrInzrfDmwxUQG38PkpCPdqfTb8JQfAngapMxeim4AZ..hSdRRzD.";
		expect(await verify(ofNothing, "")).toBe(true);
		expect(await verify(ofNothing, Uint8Array.of(0xff, 0xfe))).toBe(false);
		expect(await verify(ofNothing, "x".repeat(513))).toBe(false);
	});
});

describe("damaged hashes are refused, and never quoted", () => {
	const [pbkdf2 = { hash: "" }, sha512 = { hash: "" }] = MOSQUITTO_PASSWORDS;
	const crypt = PASSLIB_PASSWORD.hash;
	test.each([
		"",
		"secret",
		"$",
		"$6$",
		"$6$salt",
		"$1$saltsalt$qjXMvbEw8oaL.CzflDtaK/",
		"$2b$12$abcdefghijklmnopqrstuv",
		sha512.hash.slice(0, -1),
		sha512.hash.replace("$6$", "$5$"),
		`${sha512.hash}$x`,
		`$6$salt!${sha512.hash.slice(3)}`,
		pbkdf2.hash.slice(0, -4),
		pbkdf2.hash.replace("$101$", "$0$"),
		pbkdf2.hash.replace("$101$", "$-1$"),
		pbkdf2.hash.replace("$101$", "$99999999999$"),
		pbkdf2.hash.replace("$101$", "$1e3$"),
		crypt.slice(0, -1),
		`${crypt}x`,
		crypt.replace("rounds=656000", "rounds=0"),
		crypt.replace("rounds=656000", "rounds=999999999"),
		crypt.replace("rounds=656000", "rounds="),
		crypt.replace("rounds=", "round="),
		crypt.replace("hbmqttsaltsalt12", "a:b"),
		crypt.replace("hbmqttsaltsalt12", "seventeencharsalt"),
		ARGON2_PASSWORD.hash.replace("m=65536", "m=999999999"),
		ARGON2_PASSWORD.hash.replace("v=19", "v=16"),
		ARGON2_PASSWORD.hash.replace("$argon2id$", "$argon2i$"),
		ARGON2_PASSWORD.hash.replace("m=65536,t=2,p=1", "m=8,t=1,p=2"),
		ARGON2_PASSWORD.hash.replace("c29tZXNhbHQ", "c2hvcnQ"),
		`${ARGON2_PASSWORD.hash}$x`,
		ARGON2_PASSWORD.hash.slice(0, 50),
	])("%p", (text) => {
		const hash = parsePasswordHash(text);
		if (!("fault" in hash)) throw new Error("was taken");
		expect(hash.unsupported).toBe(false);
		if (text.length > 8) expect(hash.fault).not.toContain(text.slice(-8));
	});
});
