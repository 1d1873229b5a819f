import { createHash, pbkdf2, timingSafeEqual } from "node:crypto";
import { promisify } from "node:util";
import { argon2id } from "./argon2.ts";
import { CryptThreads } from "./crypt-threads.ts";
import type { PasswordHash } from "./password-hash.ts";
import { isPasswordOf } from "./scram/index.ts";

/** Longer passwords are wrong: crypt(3) hashes the password once for each of its bytes and twice a round. */
const MAX_CRYPT_PASSWORD = 512;

const pbkdf2Async = promisify(pbkdf2);
const threads = new CryptThreads();

/** Whether the password is the one that was hashed. Slow kinds compute off the main thread. */
export async function verifyPassword(hash: PasswordHash, password: Uint8Array): Promise<boolean> {
	switch (hash.scheme) {
		case "plain":
			return equal(createHash("sha256").update(password).digest(), hash.digest);
		case "sha512":
			return equal(createHash("sha512").update(password).update(hash.salt).digest(), hash.digest);
		case "pbkdf2": {
			const digest = await pbkdf2Async(password, hash.salt, hash.iterations, hash.digest.length, "sha512");
			return equal(digest, hash.digest);
		}
		case "argon2id":
			return equal(await argon2id(password, hash.parameters, hash.digest.length), hash.digest);
		case "scram": {
			const text = utf8(password);
			const isRight = await isPasswordOf(hash.keys, text ?? ""); // takes as long either way
			return isRight && text !== undefined;
		}
		case "crypt":
			return verifyCrypt(hash.setting, hash.digest, password);
	}
}

/** Whether checking it takes long enough to be counted and queued. */
export function isSlow(hash: PasswordHash): boolean {
	return hash.scheme !== "plain" && hash.scheme !== "sha512";
}

async function verifyCrypt(setting: string, expected: string, password: Uint8Array): Promise<boolean> {
	const text = password.length <= MAX_CRYPT_PASSWORD ? utf8(password) : undefined;
	// A password that cannot be right takes as long as one that is wrong.
	const digest = await threads.digest({ setting, password: text ?? "" });
	return equal(Buffer.from(digest), Buffer.from(expected)) && text !== undefined;
}

function utf8(bytes: Uint8Array): string | undefined {
	try {
		return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
	} catch {
		return undefined; // Not text: nobody can have typed it into the program that made the hash.
	}
}

function equal(a: Buffer, b: Buffer): boolean {
	return a.length === b.length && timingSafeEqual(a, b);
}
