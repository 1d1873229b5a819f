import type { LineFault } from "../../../src/access/index.ts";
import { type PasswordHash, parsePasswordHash } from "./password-hash.ts";

export interface PasswordFile {
	readonly users: ReadonlyMap<string, PasswordHash>;
	/** What makes the file unusable. */
	readonly faults: readonly LineFault[];
	/** Users who cannot get in because this Node cannot check their kind of hash. */
	readonly unsupported: readonly LineFault[];
}

/** A user name and a hash on one line of a password file. */
export interface PasswordLine {
	readonly name: string;
	readonly hash: string;
}

/** Takes `name:hash` apart; undefined for a comment or an empty line. A line without colon has an empty hash. */
export function splitPasswordLine(line: string): PasswordLine | undefined {
	const text = line.trim();
	if (text === "" || text.startsWith("#")) return undefined;
	const colon = text.indexOf(":");
	if (colon < 0) return { name: text, hash: "" };
	return { name: text.slice(0, colon).trim(), hash: text.slice(colon + 1).trim() };
}

/** Reads a password file of Mosquitto, HBMQTT or this program: `name:hash`, comments with #. Never quotes a hash. */
export function parsePasswordFile(file: string): PasswordFile {
	const users = new Map<string, PasswordHash>();
	const firstLines = new Map<string, number>();
	const faults: LineFault[] = [];
	const unsupported: LineFault[] = [];
	for (const [index, raw] of file.split("\n").entries()) {
		const parts = splitPasswordLine(raw);
		if (parts === undefined) continue;
		const line = index + 1;
		const first = firstLines.get(parts.name);
		const hash = first === undefined ? readHash(parts) : `user "${parts.name}" is on line ${first} already`;
		if (typeof hash === "string") faults.push({ line, message: hash });
		else if ("fault" in hash) (hash.unsupported ? unsupported : faults).push(faultOf(line, parts.name, hash.fault));
		else users.set(parts.name, hash);
		firstLines.set(parts.name, line);
	}
	return { users, faults, unsupported };
}

function readHash({ name, hash }: PasswordLine): ReturnType<typeof parsePasswordHash> | string {
	if (hash === "") return "is not NAME:HASH";
	return name === "" ? "has no user name before the colon" : parsePasswordHash(hash);
}

function faultOf(line: number, name: string, fault: string): LineFault {
	return { line, message: `the password of user "${name}" ${fault}` };
}
