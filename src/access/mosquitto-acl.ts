import { topicFilterFault } from "../topic/index.ts";
import { DENY, READ, WRITE } from "./grants.ts";

/** A line of an ACL file, in force. */
export interface AclRule {
	/** `topic` lines: the user, or undefined for anonymous clients. Missing in a `pattern` line. */
	readonly user?: string | undefined;
	readonly pattern: boolean;
	/** Bits of READ and WRITE, or DENY alone. */
	readonly rights: number;
	/** In a pattern, the levels `%c` and `%u` stand for the client id and the user name. */
	readonly filter: string;
}

/** What is wrong with one line of a file. */
export interface LineFault {
	/** Counted from 1. */
	readonly line: number;
	readonly message: string;
}

const RIGHTS: Readonly<Record<string, number>> = { read: READ, write: WRITE, readwrite: READ | WRITE, deny: DENY };

/**
 * Reads a Mosquitto ACL file (mosquitto.conf(5), `acl_file`): `user NAME`, `topic [ACCESS] FILTER`, `pattern [ACCESS]
 * FILTER`, comments. As in Mosquitto, what is not understood makes the file unusable.
 */
export function parseMosquittoAcl(file: string): {
	readonly rules: readonly AclRule[];
	readonly faults: readonly LineFault[];
} {
	const rules: AclRule[] = [];
	const faults: LineFault[] = [];
	let user: string | undefined;
	for (const [index, raw] of file.split("\n").entries()) {
		const line = raw.trim();
		if (line === "" || line.startsWith("#")) continue;
		const [keyword, rest] = firstWord(line);
		let fault: string | undefined;
		if (keyword === "user") {
			if (rest === "") fault = "user needs a name";
			else user = rest;
		} else if (keyword === "topic" || keyword === "pattern") {
			const rule = parseRule(keyword, rest, user);
			if (typeof rule === "string") fault = rule;
			else rules.push(rule);
		} else {
			fault = `"${keyword}" is not user, topic or pattern`;
		}
		if (fault !== undefined) faults.push({ line: index + 1, message: fault });
	}
	return { rules, faults };
}

function parseRule(keyword: "topic" | "pattern", rest: string, user: string | undefined): AclRule | string {
	if (rest === "") return `${keyword} needs a topic filter`;
	// One word alone is the filter; two are the access and the filter, which then may have spaces in it.
	const [access, after] = firstWord(rest);
	const filter = after === "" ? access : after;
	const rights = after === "" ? READ | WRITE : Object.hasOwn(RIGHTS, access) ? RIGHTS[access] : undefined;
	if (rights === undefined) {
		return `"${access}" is not read, write, readwrite or deny (a filter with spaces needs one of them before it)`;
	}
	const fault = topicFilterFault(filter) ?? (filter.startsWith("$share/") ? "is a shared subscription" : undefined);
	if (fault !== undefined) return `"${filter}" ${fault}`;
	if (keyword === "topic") return { user, pattern: false, rights, filter };
	return patternFault(filter) ?? { pattern: true, rights, filter };
}

function patternFault(filter: string): string | undefined {
	for (const level of filter.split("/")) {
		if (level === "%c" || level === "%u") continue;
		if (level.includes("%c") || level.includes("%u")) return `"${filter}": %c and %u must be levels of their own`;
	}
	return undefined;
}

function firstWord(line: string): readonly [string, string] {
	let end = 0;
	while (end < line.length && line[end] !== " " && line[end] !== "\t") end++;
	return [line.slice(0, end), line.slice(end).trim()];
}
