import { createHash } from "node:crypto";
import { hasArgon2 } from "./argon2.ts";
import { parseScramKeys, type ScramKeys } from "./scram/index.ts";

/** A password as a file keeps it. */
export type PasswordHash =
	/** In clear in our own configuration; kept as one SHA-256. */
	| { readonly scheme: "plain"; readonly digest: Buffer }
	/** Mosquitto before 2.0: one SHA-512 of password and salt. */
	| { readonly scheme: "sha512"; readonly salt: Buffer; readonly digest: Buffer }
	/** Mosquitto 2.0. */
	| { readonly scheme: "pbkdf2"; readonly iterations: number; readonly salt: Buffer; readonly digest: Buffer }
	/** Mosquitto 2.1. */
	| { readonly scheme: "argon2id"; readonly parameters: Argon2Parameters; readonly digest: Buffer }
	/** What SCRAM-SHA-256 needs; a password can be checked against it as well. */
	| { readonly scheme: "scram"; readonly keys: ScramKeys }
	/** crypt(3) with SHA-512 or SHA-256: HBMQTT's files, `mkpasswd`, `openssl passwd`. */
	| { readonly scheme: "crypt"; readonly setting: string; readonly digest: string };

export interface Argon2Parameters {
	/** KiB. */
	readonly memory: number;
	readonly passes: number;
	readonly parallelism: number;
	readonly nonce: Buffer;
}

/** A hash that cannot be used. `unsupported`: it is well-formed, but this Node cannot compute it. */
export interface HashFault {
	readonly fault: string;
	readonly unsupported: boolean;
}

/** Hashes that would take this machine minutes are refused: each CONNECT would cost as much. */
const MAX_ROUNDS = 10_000_000;
const MAX_ARGON2_MEMORY = 1_048_576;
const MAX_ARGON2_PASSES = 100;

/** A password in clear, as a hash. */
export function plainHash(password: string | Uint8Array): PasswordHash {
	return { scheme: "plain", digest: createHash("sha256").update(password).digest() };
}

/** Reads the part of a password file's line after `user:`. The fault never quotes it. */
export function parsePasswordHash(text: string): PasswordHash | HashFault {
	const [before, id, ...fields] = text.split("$");
	if (before === "SCRAM-SHA-256") return parseScram(text);
	if (before !== "" || id === undefined) return malformed("is not a password hash (is it a password in clear?)");
	if (id === "argon2id") return parseArgon2(fields);
	if (id === "7") return parsePbkdf2(fields);
	if (id === "5") return parseCrypt(text, fields, 43);
	// Mosquitto and crypt(3) both write $6$: 64 bytes in base64 are 88 characters, in crypt's alphabet 86.
	if (id === "6") return fields.at(-1)?.length === 88 ? parseSha512(fields) : parseCrypt(text, fields, 86);
	return malformed("is a kind of hash that is not known; known are $5$, $6$, $7$, $argon2id$ and SCRAM-SHA-256$");
}

function malformed(fault: string): HashFault {
	return { fault, unsupported: false };
}

function parseSha512(fields: readonly string[]): PasswordHash | HashFault {
	const salt = base64(fields[0]);
	const digest = base64(fields[1]);
	if (fields.length !== 2 || salt === undefined || digest?.length !== 64) return malformed("is a damaged $6$ hash");
	return { scheme: "sha512", salt, digest };
}

function parsePbkdf2(fields: readonly string[]): PasswordHash | HashFault {
	const iterations = decimal(fields[0], MAX_ROUNDS);
	const salt = base64(fields[1]);
	const digest = base64(fields[2]);
	if (fields.length !== 3 || salt === undefined || digest?.length !== 64) return malformed("is a damaged $7$ hash");
	if (iterations === undefined) return malformed(`is a $7$ hash without 1 to ${MAX_ROUNDS} iterations`);
	return { scheme: "pbkdf2", iterations, salt, digest };
}

function parseScram(text: string): PasswordHash | HashFault {
	const keys = parseScramKeys(text, MAX_ROUNDS);
	return keys === undefined ? malformed("is a damaged or too costly SCRAM-SHA-256$ hash") : { scheme: "scram", keys };
}

function parseCrypt(text: string, fields: readonly string[], length: number): PasswordHash | HashFault {
	const parts = [...fields];
	const digest = parts.pop() ?? "";
	const rounds = parts.length === 2 ? parts.shift() : undefined;
	if (digest.length !== length || parts.length !== 1 || !/^[./0-9A-Za-z]{0,16}$/.test(parts[0] ?? "")) {
		return malformed("is a damaged hash");
	}
	if (!/^[./0-9A-Za-z]+$/.test(digest)) return malformed("is a damaged hash");
	const count = rounds?.startsWith("rounds=") ? decimal(rounds.slice("rounds=".length), MAX_ROUNDS) : undefined;
	if (rounds !== undefined && count === undefined) return malformed(`is a hash without 1 to ${MAX_ROUNDS} rounds`);
	return { scheme: "crypt", setting: text.slice(0, text.lastIndexOf("$")), digest };
}

/** `$argon2id$v=19$m=47104,t=1,p=1$salt$hash`, base64 without padding (the PHC string format). */
function parseArgon2([version, costs, salt, hash, ...more]: readonly string[]): PasswordHash | HashFault {
	const parameters = argon2Parameters(costs, salt);
	const digest = base64(hash);
	if (version !== "v=19" || parameters === undefined || digest === undefined || digest.length < 16 || more.length > 0) {
		return malformed("is a damaged or too costly $argon2id$ hash");
	}
	if (hasArgon2()) return { scheme: "argon2id", parameters, digest };
	return { fault: "is an argon2id hash, which needs Node 24.7 or later", unsupported: true };
}

/** Within the bounds of RFC 9106 section 3.1, and ours. */
function argon2Parameters(costs = "", salt = ""): Argon2Parameters | undefined {
	const [m, t, p] = /^m=(\d+),t=(\d+),p=(\d+)$/.exec(costs)?.slice(1) ?? [];
	const memory = decimal(m, MAX_ARGON2_MEMORY);
	const passes = decimal(t, MAX_ARGON2_PASSES);
	const parallelism = decimal(p, 255);
	const nonce = base64(salt);
	if (memory === undefined || passes === undefined || parallelism === undefined || nonce === undefined)
		return undefined;
	return memory >= 8 * parallelism && nonce.length >= 8 ? { memory, passes, parallelism, nonce } : undefined;
}

function decimal(text: string | undefined, maximum: number): number | undefined {
	if (text === undefined || !/^[1-9]\d{0,8}$/.test(text)) return undefined;
	const value = Number(text);
	return value <= maximum ? value : undefined;
}

function base64(text: string | undefined): Buffer | undefined {
	if (text === undefined || !/^[A-Za-z0-9+/]+={0,2}$/.test(text)) return undefined;
	return Buffer.from(text, "base64");
}
