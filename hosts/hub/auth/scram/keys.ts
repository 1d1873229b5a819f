import { createHash, createHmac, pbkdf2, randomBytes, timingSafeEqual } from "node:crypto";
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

const SCRAM_TEXT = /^SCRAM-SHA-256\$([1-9]\d{0,8}):([A-Za-z0-9+/]+={0,2})\$([A-Za-z0-9+/]{43}=):([A-Za-z0-9+/]{43}=)$/;

const derive = promisify(pbkdf2);

/** Derives the keys of a password, in a thread. */
export async function deriveKeys(
	password: string,
	salt: Buffer = randomBytes(SALT_LENGTH),
	iterations = ITERATIONS,
): Promise<ScramKeys> {
	const salted = await derive(prepared(password), salt, iterations, KEY_LENGTH, "sha256");
	return { salt, iterations, storedKey: sha256(hmac(salted, "Client Key")), serverKey: hmac(salted, "Server Key") };
}

/** Whether these are keys of the password. */
export async function isPasswordOf({ salt, iterations, storedKey }: ScramKeys, password: string): Promise<boolean> {
	return timingSafeEqual((await deriveKeys(password, salt, iterations)).storedKey, storedKey);
}

/** The keys as PostgreSQL writes them: `SCRAM-SHA-256$iterations:salt$StoredKey:ServerKey`, in base64. */
export function scramText({ salt, iterations, storedKey, serverKey }: ScramKeys): string {
	const [s, stored, server] = [salt, storedKey, serverKey].map((bytes) => bytes.toString("base64"));
	return `SCRAM-SHA-256$${iterations}:${s}$${stored}:${server}`;
}

/** Reads what `scramText` writes. Undefined: it is damaged, or costs more than `mostIterations`. */
export function parseScramKeys(text: string, mostIterations: number): ScramKeys | undefined {
	const [, count, ...fields] = SCRAM_TEXT.exec(text) ?? [];
	const [salt, storedKey, serverKey] = fields.map((field) => Buffer.from(field, "base64"));
	const iterations = Number(count);
	if (salt === undefined || storedKey?.length !== KEY_LENGTH || serverKey?.length !== KEY_LENGTH) return undefined;
	return iterations <= mostIterations ? { salt, iterations, storedKey, serverKey } : undefined;
}

/** The salt of a user, or of nobody: always the same for the same name, so that it tells nothing. */
export function saltOf(secret: Buffer, username: string, length = SALT_LENGTH): Buffer {
	return hmac(secret, `salt:${prepared(username)}`).subarray(0, length);
}

/** Keys for a user who does not exist, which look like those of one who does; no password fits. */
export function decoyKeys(secret: Buffer, username: string, like: ScramKeys | undefined): ScramKeys {
	const { salt, iterations } = like ?? { salt: undefined, iterations: ITERATIONS };
	return {
		salt: saltOf(secret, username, salt?.length),
		iterations,
		storedKey: randomBytes(KEY_LENGTH),
		serverKey: randomBytes(KEY_LENGTH),
	};
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
