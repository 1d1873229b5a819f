import { pbkdf2, randomBytes } from "node:crypto";
import { promisify } from "node:util";
import { INSIDER } from "../insiders.ts";
import { splitPasswordLine } from "./password-file.ts";
import { deriveKeys, scramText } from "./scram/index.ts";

/** A tenth of a second on a PC. Mosquitto reads any number; its own is 101, which a graphics card runs through. */
const ITERATIONS = 100_000;

const pbkdf2Async = promisify(pbkdf2);

/** The password as Mosquitto 2 keeps it: `$7$iterations$salt$hash`, PBKDF2 with HMAC-SHA-512. */
export async function hashPassword(password: string): Promise<string> {
	const salt = randomBytes(12);
	const digest = await pbkdf2Async(password, salt, ITERATIONS, 64, "sha512");
	return `$7$${ITERATIONS}$${salt.toString("base64")}$${digest.toString("base64")}`;
}

/** The password as keys for SCRAM-SHA-256, of which a server needs no more. */
export async function scramHash(password: string): Promise<string> {
	return scramText(await deriveKeys(password));
}

/** Why nobody can get in by this name, or have it in a password file; or undefined. */
export function userNameFault(name: string): string | undefined {
	if (name === "") return "is empty";
	if (name.includes(":")) return "contains a colon";
	if (name !== name.trim() || /\p{Cc}/u.test(name)) return "has spaces around it or control characters in it";
	if (name === INSIDER) return "is that of the hub's own bridges: nobody else gets in by it";
	if (name.startsWith("#")) return "starts with #, which makes its line a comment";
	return Buffer.byteLength(name) > 65_535 ? "is longer than 65,535 bytes" : undefined;
}

/** The file with this hash for the user, in the place of the old one or at the end. All other lines stay as they are. */
export function withUser(file: string, name: string, hash: string): string {
	const lines = file.split("\n");
	const ending = lines[0]?.endsWith("\r") === true ? "\r" : "";
	const line = `${name}:${hash}${ending}`;
	const place = lines.findIndex((each) => isOf(each, name));
	if (place >= 0) {
		return lines.flatMap((each, index) => (index === place ? [line] : isOf(each, name) ? [] : [each])).join("\n");
	}
	const body = file === "" || file.endsWith("\n") ? file : `${file}${ending}\n`;
	return `${body}${line}\n`;
}

/** The file without the user, or undefined if it has none of that name. */
export function withoutUser(file: string, name: string): string | undefined {
	const lines = file.split("\n");
	const kept = lines.filter((each) => !isOf(each, name));
	return kept.length === lines.length ? undefined : kept.join("\n");
}

function isOf(line: string, name: string): boolean {
	return splitPasswordLine(line)?.name === name;
}
