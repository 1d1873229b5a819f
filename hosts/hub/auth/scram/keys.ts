import { createHash, createHmac, pbkdf2, randomBytes } from "node:crypto";
import { promisify } from "node:util";

/** What a server keeps of a password (RFC 5802 section 3). It does not let anybody log in elsewhere. */
export interface ScramKeys {
	readonly salt: Buffer;
	readonly iterations: number;
	readonly storedKey: Buffer;
	readonly serverKey: Buffer;
}

/** What RFC 7677 asks for at least; a small device needs a second or two for them. */
const ITERATIONS = 4_096;
const SALT_LENGTH = 16;
const KEY_LENGTH = 32;

const derive = promisify(pbkdf2);

/** Derives the keys of a password, in a thread. */
export async function deriveKeys(
	password: string,
	salt = randomBytes(SALT_LENGTH),
	iterations = ITERATIONS,
): Promise<ScramKeys> {
	const salted = await derive(prepared(password), salt, iterations, KEY_LENGTH, "sha256");
	return { salt, iterations, storedKey: sha256(hmac(salted, "Client Key")), serverKey: hmac(salted, "Server Key") };
}

/** Keys for a user who does not exist: always the same salt for the same name, so that it tells nothing; no password fits. */
export function decoyKeys(secret: Buffer, username: string): ScramKeys {
	const salt = hmac(secret, username).subarray(0, SALT_LENGTH);
	return { salt, iterations: ITERATIONS, storedKey: randomBytes(KEY_LENGTH), serverKey: randomBytes(KEY_LENGTH) };
}

/** The normal form of names and passwords: that of SASLprep (RFC 4013) for text without control characters. */
export function prepared(text: string): string {
	return text.replace(/\p{Zs}/gu, " ").normalize("NFKC");
}

export function hmac(key: Uint8Array, text: string): Buffer {
	return createHmac("sha256", key).update(text).digest();
}

export function sha256(bytes: Uint8Array): Buffer {
	return createHash("sha256").update(bytes).digest();
}
